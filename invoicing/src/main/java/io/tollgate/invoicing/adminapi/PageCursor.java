package io.tollgate.invoicing.adminapi;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Base64;
import java.util.Optional;

/** Where a page begins, as clients hand it back without looking into it. */
final class PageCursor {

    private static final String PREFIX = "page_";

    private PageCursor() {}

    static String of(Instant start) {
        byte[] seconds =
                ByteBuffer.allocate(Long.BYTES).putLong(start.getEpochSecond()).array();
        return PREFIX + Base64.getUrlEncoder().encodeToString(seconds);
    }

    /** Empty if it is none of ours. */
    static Optional<Instant> read(String text) {
        if (!text.startsWith(PREFIX)) {
            return Optional.empty();
        }
        try {
            byte[] seconds = Base64.getUrlDecoder().decode(text.substring(PREFIX.length()));
            return seconds.length == Long.BYTES
                    ? Optional.of(Instant.ofEpochSecond(ByteBuffer.wrap(seconds).getLong()))
                    : Optional.empty();
        } catch (IllegalArgumentException | java.time.DateTimeException e) {
            return Optional.empty();
        }
    }
}
