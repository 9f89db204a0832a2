package io.tollgate.ingest.rejected;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What names a rejection: its partition and offset in the topic of rejected events, written {@code 0@123}. */
public record Place(int partition, long offset) {

    private static final Pattern FORM = Pattern.compile("(\\d{1,5})@(\\d{1,18})");

    /** Reads {@code 0@123}; empty if it is something else. */
    public static Optional<Place> parse(String text) {
        Matcher matcher = FORM.matcher(text);
        return matcher.matches()
                ? Optional.of(new Place(Integer.parseInt(matcher.group(1)), Long.parseLong(matcher.group(2))))
                : Optional.empty();
    }

    @Override
    public String toString() {
        return partition + "@" + offset;
    }
}
