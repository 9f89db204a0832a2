package io.tollgate.ingest.cloudevents;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * Attribute values as they stand in headers: CloudEvents HTTP binding 1.0.2, section 3.1.3.2. A value may be in double
 * quotes (RFC 7230, section 3.2.6), and is then percent-decoded once, as UTF-8 (RFC 3986, section 2.1).
 */
final class HeaderText {

    private static final int PRINTABLE_FIRST = 0x20;
    private static final int PRINTABLE_LAST = 0x7e;
    private static final int HEX = 16;
    private static final int ESCAPE_LENGTH = 3;

    private HeaderText() {}

    /**
     * The text that a header's value stands for; empty if it is none: a percent sign without two hexadecimal digits,
     * octets that are not UTF-8, or anything but printable ASCII.
     */
    static Optional<String> decoded(String value) {
        String text = unquoted(value);
        ByteArrayOutputStream octets = new ByteArrayOutputStream(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < PRINTABLE_FIRST || c > PRINTABLE_LAST) {
                // Servers disagree on the encoding of headers beyond ASCII, so what is meant is not known.
                return Optional.empty();
            }
            if (c != '%') {
                octets.write(c);
                continue;
            }
            if (i + ESCAPE_LENGTH > text.length()) {
                return Optional.empty();
            }
            int high = Character.digit(text.charAt(i + 1), HEX);
            int low = Character.digit(text.charAt(i + 2), HEX);
            if (high < 0 || low < 0) {
                return Optional.empty();
            }
            octets.write(high * HEX + low);
            i += ESCAPE_LENGTH - 1;
        }
        try {
            return Optional.of(StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(octets.toByteArray()))
                    .toString());
        } catch (CharacterCodingException e) {
            return Optional.empty();
        }
    }

    private static String unquoted(String value) {
        if (value.length() < 2 || value.charAt(0) != '"' || value.charAt(value.length() - 1) != '"') {
            return value;
        }
        StringBuilder text = new StringBuilder(value.length());
        for (int i = 1; i < value.length() - 1; i++) {
            char c = value.charAt(i);
            boolean escape = c == '\\' && i + 1 < value.length() - 1;
            text.append(escape ? value.charAt(++i) : c);
        }
        return text.toString();
    }
}
