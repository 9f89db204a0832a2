package io.tollgate.emitter.rules;

/**
 * One thing that is wrong with an event.
 *
 * @param detail a sentence: what is wrong, and where
 */
public record Fault(RejectionReason reason, String detail) {

    private static final int SHOWN_MAX = 60;

    /** The detail, and the advice that goes with the reason. */
    public String explanation() {
        return detail + " " + reason.advice();
    }

    /** A value as it may stand in a detail: shortened, and without control characters. */
    public static String shown(String value) {
        int end = value.length() <= SHOWN_MAX ? value.length() : value.offsetByCodePoints(0, limit(value));
        String clean = value.substring(0, end)
                .codePoints()
                .collect(
                        StringBuilder::new,
                        (text, c) -> text.appendCodePoint(Text.isAllowed(c) ? c : '?'),
                        StringBuilder::append)
                .toString();
        return "'" + clean + (end < value.length() ? "…'" : "'");
    }

    private static int limit(String value) {
        return Math.min(SHOWN_MAX, value.codePointCount(0, value.length()));
    }
}
