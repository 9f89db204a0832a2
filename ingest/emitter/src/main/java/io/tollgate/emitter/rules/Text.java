package io.tollgate.emitter.rules;

/** What text may be in an event: CloudEvents 1.0, "Type System", String. */
final class Text {

    private static final int PLANE_MASK = 0xFFFF;
    private static final int NONCHARACTER_FIRST = 0xFDD0;
    private static final int NONCHARACTER_LAST = 0xFDEF;
    private static final int PLANE_END = 0xFFFE;

    private Text() {}

    /** No control characters, no noncharacters, no half of a surrogate pair. */
    static boolean isAllowed(int codePoint) {
        if (Character.isISOControl(codePoint)) {
            return false;
        }
        if (codePoint >= Character.MIN_SURROGATE && codePoint <= Character.MAX_SURROGATE) {
            return false;
        }
        boolean noncharacter = (codePoint >= NONCHARACTER_FIRST && codePoint <= NONCHARACTER_LAST)
                || (codePoint & PLANE_MASK) >= PLANE_END;
        return !noncharacter;
    }

    /** Whether all characters are allowed and there are at most {@code max} of them. */
    static boolean fits(String text, int max) {
        return (text.length() <= max && isPlain(text)) || fitsByCodePoints(text, max);
    }

    /** Whether all of it is printable ASCII, as nearly every text is. */
    private static boolean isPlain(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < ' ' || c > '~') {
                return false;
            }
        }
        return true;
    }

    private static boolean fitsByCodePoints(String text, int max) {
        int characters = 0;
        for (int i = 0; i < text.length(); characters++) {
            int c = text.codePointAt(i);
            if (characters >= max || !isAllowed(c)) {
                return false;
            }
            i += Character.charCount(c);
        }
        return true;
    }
}
