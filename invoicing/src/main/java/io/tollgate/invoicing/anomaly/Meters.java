package io.tollgate.invoicing.anomaly;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What the meters' names say of how quantities compare; a new meter needs no release, if it is named like the others. */
final class Meters {

    private static final String TOKENS = "_tokens";

    /** A whole model is trained on them; they are no requests' tokens. */
    private static final String TRAINING = "training_tokens";

    private static final Pattern PROMPT =
            Pattern.compile("(?:input|cache_read|cache_write(?:_\\w+)?)(_image|_audio)?_tokens");

    private Meters() {}

    /** What is counted together: all tokens of requests and answers; of other meters, each by itself. */
    static String measure(String meter) {
        return meter.endsWith(TOKENS) && !meter.equals(TRAINING) ? "tokens" : meter;
    }

    /** Which part of a prompt it counts, text, images or audio: each may be fresh, read from a cache or written to one. */
    static Optional<String> prompt(String meter) {
        Matcher matcher = PROMPT.matcher(meter);
        return matcher.matches()
                ? Optional.of(Optional.ofNullable(matcher.group(1)).orElse("_text"))
                : Optional.empty();
    }
}
