package io.tollgate.cli.rejected;

import com.fasterxml.jackson.databind.JsonNode;
import io.tollgate.cli.api.ApiClient;
import io.tollgate.ingest.rejected.Place;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** The edge's paths {@code /v1/rejected-events}, page by page. */
final class RejectedEvents {

    private static final String PATH = "/v1/rejected-events";
    private static final int PAGE = 1_000;
    private static final int NAMED = 200;

    private final ApiClient api;

    /** @param api of the edge, with the admin's token */
    RejectedEvents(ApiClient api) {
        this.api = api;
    }

    /**
     * What became of those that were to be sent again, by their places.
     *
     * @param refused those that were not sent, since they would be kept out again: {@code place}, {@code code},
     *     {@code detail}
     * @param skipped those that were not sent, since an event of their identity is counted
     * @param more the cursor behind them, if there may be older ones
     */
    record Retried(List<Place> sent, List<JsonNode> refused, List<JsonNode> skipped, Optional<String> more) {

        static Retried none() {
            return new Retried(new ArrayList<>(), new ArrayList<>(), new ArrayList<>(), Optional.empty());
        }

        private Retried before(Optional<String> cursor) {
            return new Retried(sent, refused, skipped, cursor);
        }

        private void add(JsonNode answer) {
            answer.path("sent").forEach(place -> sent.add(place(place.asText())));
            answer.path("refused").forEach(refused::add);
            answer.path("skipped").forEach(skipped::add);
        }
    }

    /** The newest of them, newest first. */
    List<JsonNode> newest(String filter, long limit) {
        List<JsonNode> found = new ArrayList<>();
        Optional<String> cursor = Optional.of("");
        while (cursor.isPresent() && found.size() < limit) {
            JsonNode page = api.get(PATH + query(filter, limit - found.size(), cursor.get()));
            page.path("events").forEach(found::add);
            cursor = Optional.ofNullable(page.path("nextCursor").textValue());
        }
        return found;
    }

    /** Those of these that are there, in no order. */
    List<JsonNode> at(List<Place> places) {
        List<JsonNode> found = new ArrayList<>();
        for (int from = 0; from < places.size(); from += NAMED) {
            api.get(PATH + named(places, from)).path("events").forEach(found::add);
        }
        return found;
    }

    /** One with its bytes. */
    Optional<JsonNode> whole(Place place) {
        return api.find(PATH + "/" + place);
    }

    Retried retry(List<Place> places) {
        Retried retried = Retried.none();
        for (int from = 0; from < places.size(); from += NAMED) {
            retried.add(ApiClient.json(api.post(PATH + ":retry" + named(places, from))));
        }
        return retried;
    }

    /** Whether there is one that is not counted behind the cursor. */
    boolean areThereMore(String filter, String cursor) {
        return !api.get(PATH + query(filter + "&counted=false", 1, cursor))
                .path("events")
                .isEmpty();
    }

    /** The newest that are not counted, a bounded number in each request. */
    Retried retry(String filter, long limit) {
        Retried retried = Retried.none();
        Optional<String> cursor = Optional.of("");
        for (long asked = 0; cursor.isPresent() && asked < limit; asked += PAGE) {
            JsonNode answer = ApiClient.json(api.post(PATH + ":retry" + query(filter, limit - asked, cursor.get())));
            retried.add(answer);
            cursor = Optional.ofNullable(answer.path("nextCursor").textValue());
        }
        return retried.before(cursor);
    }

    static Place place(String text) {
        return Place.parse(text).orElseThrow(() -> new IllegalStateException("the API tells the place " + text));
    }

    private static String query(String filter, long limit, String cursor) {
        return "?limit=" + Math.min(PAGE, limit) + (cursor.isEmpty() ? "" : "&cursor=" + cursor) + filter;
    }

    private static String named(List<Place> places, int from) {
        return places.subList(from, Math.min(places.size(), from + NAMED)).stream()
                .map(place -> "place=" + place)
                .collect(Collectors.joining("&", "?", ""));
    }
}
