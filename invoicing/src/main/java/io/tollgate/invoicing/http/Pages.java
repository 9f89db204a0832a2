package io.tollgate.invoicing.http;

import io.tollgate.invoicing.usage.TimeRange;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Pages of rows that are in order of time and of their groups' values. */
final class Pages {

    private Pages() {}

    /** Where a row stands. */
    record Place(Instant from, List<String> group) {}

    /** @param nextCursor empty if it is the last */
    record Page<R>(List<R> rows, Optional<String> nextCursor) {}

    /** All of it. */
    static <R> Page<R> all(List<R> rows) {
        return new Page<>(rows, Optional.empty());
    }

    /**
     * The rows after the cursor's.
     *
     * @param dimensions how many values a group has
     */
    static <R> Page<R> page(
            List<R> rows, Function<R, Place> placeOf, int dimensions, @Nullable String cursor, int limit) {
        Optional<Place> after = Parameters.cursor(cursor, dimensions + 1).map(Pages::place);
        List<R> left = after.map(place -> rows.stream()
                        .filter(row -> compare(placeOf.apply(row), place) > 0)
                        .toList())
                .orElse(rows);
        if (left.size() <= limit) {
            return all(left);
        }
        Place last = placeOf.apply(left.get(limit - 1));
        List<String> parts = new ArrayList<>(List.of(last.from().toString()));
        parts.addAll(last.group());
        return new Page<>(left.subList(0, limit), Optional.of(Parameters.cursorOf(parts.toArray(String[]::new))));
    }

    static Place place(TimeRange period, List<String> group) {
        return new Place(period.from(), group);
    }

    private static Place place(List<String> parts) {
        try {
            return new Place(Instant.parse(parts.get(0)), parts.subList(1, parts.size()));
        } catch (DateTimeParseException e) {
            throw Parameters.invalid("cursor is none of ours");
        }
    }

    private static int compare(Place one, Place other) {
        int order = one.from().compareTo(other.from());
        for (int i = 0; order == 0 && i < one.group().size(); i++) {
            order = Comparator.<String>naturalOrder()
                    .compare(one.group().get(i), other.group().get(i));
        }
        return order;
    }
}
