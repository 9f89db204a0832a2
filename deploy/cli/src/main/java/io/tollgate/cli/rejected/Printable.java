package io.tollgate.cli.rejected;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Base64;
import java.util.HexFormat;

/** What sources made up, without what a terminal would take for a command. */
final class Printable {

    private Printable() {}

    static String line(String text) {
        StringBuilder printable = new StringBuilder();
        text.codePoints().forEach(sign -> printable.appendCodePoint(Character.isISOControl(sign) ? 0xFFFD : sign));
        return printable.toString();
    }

    /**
     * The event as JSON, else the text, else the bytes in hexadecimal.
     *
     * @param whole as the API tells it
     */
    static String original(JsonNode whole) {
        if (whole.has("originalAsCloudEvent")) {
            return whole.path("originalAsCloudEvent").asText();
        }
        String text = whole.path("originalText").asText();
        boolean shown = whole.has("originalText")
                && text.codePoints().allMatch(sign -> sign == '\n' || sign == '\t' || !Character.isISOControl(sign));
        return shown
                ? text
                : "(bytes) "
                        + HexFormat.of()
                                .formatHex(Base64.getDecoder()
                                        .decode(whole.path("originalBase64").asText()));
    }
}
