package io.tollgate.ingest.cloudevents;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.util.regex.Pattern;

/** What Jackson says about text that is not JSON, as far as it tells of the text and not of Jackson. */
final class ParserWords {

    /** How it names where it read from, before line and column. */
    private static final Pattern SOURCE = Pattern.compile("\\[?Source: [^;\\]]*; |(?<=column: \\d{1,9})\\]");

    private static final Pattern INSIDE = Pattern.compile("Feature|Constraints|Source|`");

    private ParserWords() {}

    static String of(JsonProcessingException exception) {
        String words = SOURCE.matcher(exception.getOriginalMessage().split("\\R", 2)[0])
                .replaceAll("")
                .replaceAll("\\p{Cntrl}", "?");
        return INSIDE.matcher(words).find() ? "What stands there is not allowed in JSON" : words;
    }
}
