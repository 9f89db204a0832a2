package io.tollgate.ingest.rejected;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.Optional;

/**
 * An event that was kept out, without its bytes.
 *
 * @param stage who kept it out: edge, replay or aggregator; empty when the record of it is unreadable
 * @param reason stable code
 * @param detail what is wrong and what to do
 * @param origin where it stood
 * @param source with id, its identity; empty when it could not be read
 * @param counted whether an event of that identity is in the rollups: this one sent again, or, of a conflict, the other
 * @param originalBytes how many bytes came
 */
public record Rejection(
        Place place,
        Instant at,
        String stage,
        String reason,
        String detail,
        String origin,
        String source,
        String id,
        boolean counted,
        long originalBytes) {

    /** Where it stands in the list, which is in order of time and then place. */
    public Cursor cursor() {
        return new Cursor(at, place);
    }

    /** A position in the list. */
    public record Cursor(Instant at, Place place) {

        /** As it may stand in an address. */
        public String encoded() {
            return Base64.getUrlEncoder()
                    .withoutPadding()
                    .encodeToString((at.toEpochMilli() + ":" + place).getBytes(StandardCharsets.US_ASCII));
        }

        /** Reads what {@link #encoded} wrote; empty if it is something else. */
        public static Optional<Cursor> parse(String text) {
            try {
                String[] parts =
                        new String(Base64.getUrlDecoder().decode(text), StandardCharsets.US_ASCII).split(":", 2);
                Optional<Place> place = Place.parse(parts.length == 2 ? parts[1] : "");
                Instant at = Instant.ofEpochMilli(Long.parseLong(parts[0]));
                return place.map(each -> new Cursor(at, each));
            } catch (IllegalArgumentException e) {
                return Optional.empty();
            }
        }
    }
}
