package io.tollgate.ingest.edge;

import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Schema;
import io.tollgate.ingest.rejected.Place;
import io.tollgate.ingest.rejected.Rejection;
import io.tollgate.ingest.rejected.Rejections;
import io.tollgate.service.Problem;
import io.tollgate.service.ProblemException;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.QueryParam;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Which rejected events a request is about, as its address says. */
public final class RejectedEventsQuery {

    private static final int LIMIT_MAX = 1_000;
    /** An address has room for some more. */
    private static final int PLACES_MAX = 200;

    private static final Pattern LIMIT = Pattern.compile("\\d{1,9}");

    @Parameter(
            description =
                    "only those at these places, such as `0@123`, at most 200; all else is then left out of account")
    @QueryParam("place")
    public List<String> places = List.of();

    @Parameter(description = "only those of this reason's code")
    @QueryParam("reason")
    public @Nullable String reason;

    @Parameter(
            description = "only those that were kept out by it",
            schema = @Schema(allowableValues = {"edge", "replay", "aggregator"}))
    @QueryParam("stage")
    public @Nullable String stage;

    @Parameter(description = "only those kept out then or later (RFC 3339)", schema = @Schema(format = "date-time"))
    @QueryParam("since")
    public @Nullable String since;

    @Parameter(description = "only those kept out before (RFC 3339)", schema = @Schema(format = "date-time"))
    @QueryParam("until")
    public @Nullable String until;

    @Parameter(
            description = "how many at most, the newest",
            schema =
                    @Schema(
                            implementation = Integer.class,
                            minimum = "1",
                            maximum = "" + LIMIT_MAX,
                            defaultValue = "100"))
    @QueryParam("limit")
    @DefaultValue("100")
    public String limit = "";

    @Parameter(description = "`nextCursor` of the answer before, to go on behind it")
    @QueryParam("cursor")
    public @Nullable String cursor;

    /** @param counted whether only those whose identity is counted by now, or only others */
    Rejections.Filter filter(Optional<Boolean> counted) {
        return new Rejections.Filter(
                given(reason),
                given(stage),
                given(since).map(text -> time("since", text)),
                given(until).map(text -> time("until", text)),
                counted,
                given(cursor)
                        .map(text -> Rejection.Cursor.parse(text)
                                .orElseThrow(() -> invalid("cursor", "a nextCursor of an answer"))));
    }

    /** How many at most. Text until here: Jersey logs what it cannot read with all that it has. */
    int limit() {
        int number = LIMIT.matcher(limit).matches() ? Integer.parseInt(limit) : 0;
        if (number < 1 || number > LIMIT_MAX) {
            throw invalid("limit", "a whole number from 1 to " + LIMIT_MAX);
        }
        return number;
    }

    /** Those that are named one by one. */
    List<Place> named() {
        if (places.size() > PLACES_MAX) {
            throw invalid("place", "given at most " + PLACES_MAX + " times");
        }
        return places.stream().map(RejectedEventsQuery::place).distinct().toList();
    }

    static Place place(String text) {
        return Place.parse(text).orElseThrow(() -> invalid("place", "a place such as 0@123"));
    }

    static ProblemException invalid(String name, String wanted) {
        return new ProblemException(
                Problem.of(400, "invalid_parameter", "The value of " + name + " is not " + wanted + ".")
                        .with("parameter", name));
    }

    private static Optional<String> given(@Nullable String value) {
        return Optional.ofNullable(value).filter(text -> !text.isEmpty());
    }

    private static Instant time(String name, String text) {
        try {
            return OffsetDateTime.parse(text).toInstant();
        } catch (DateTimeException e) {
            throw invalid(name, "a time as in RFC 3339, such as 2026-01-02T03:04:05Z");
        }
    }
}
