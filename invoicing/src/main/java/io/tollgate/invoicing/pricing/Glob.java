package io.tollgate.invoicing.pricing;

/**
 * A value that a rate card or another rule names: itself, or with stars for any characters, none included. {@code gpt-4o*} is all that
 * begins with {@code gpt-4o}. There is no other special character, and no way to name a star.
 */
public final class Glob {

    private static final char STAR = '*';

    private Glob() {}

    static boolean isPattern(String glob) {
        return glob.indexOf(STAR) >= 0;
    }

    /** How many characters are not left open. */
    static int literals(String glob) {
        return (int) glob.chars().filter(character -> character != STAR).count();
    }

    /**
     * Whether the text fits the glob. The text may be a glob itself: then the answer is whether all that fits the text fits
     * the glob, because only a star takes a star.
     */
    public static boolean covers(String glob, String text) {
        if (!isPattern(glob)) {
            return glob.equals(text);
        }
        int at = 0;
        int position = 0;
        int star = -1;
        int taken = 0;
        while (position < text.length()) {
            if (at < glob.length() && glob.charAt(at) == STAR) {
                star = at++;
                taken = position;
            } else if (at < glob.length() && glob.charAt(at) == text.charAt(position)) {
                at++;
                position++;
            } else if (star >= 0) {
                // The last star takes one character more; what stars before it took can stay.
                at = star + 1;
                position = ++taken;
            } else {
                return false;
            }
        }
        while (at < glob.length() && glob.charAt(at) == STAR) {
            at++;
        }
        return at == glob.length();
    }

    /** Whether some text fits both. */
    static boolean overlap(String one, String other) {
        if (!isPattern(one)) {
            return covers(other, one);
        }
        if (!isPattern(other)) {
            return covers(one, other);
        }
        // Whether the rest of one, from i, and the rest of other, from j, have a text in common; from the ends
        // backwards.
        boolean[][] common = new boolean[one.length() + 1][other.length() + 1];
        for (int i = one.length(); i >= 0; i--) {
            for (int j = other.length(); j >= 0; j--) {
                common[i][j] = common(one, i, other, j, common);
            }
        }
        return common[0][0];
    }

    private static boolean common(String one, int i, String other, int j, boolean[][] common) {
        boolean oneEnds = i == one.length();
        boolean otherEnds = j == other.length();
        if (oneEnds && otherEnds) {
            return true;
        }
        boolean oneStars = !oneEnds && one.charAt(i) == STAR;
        boolean otherStars = !otherEnds && other.charAt(j) == STAR;
        if (oneStars || otherStars) {
            // A star takes nothing, or one character more of what the other allows.
            boolean oneGoesOn = !oneEnds && common[i + 1][j];
            boolean otherGoesOn = !otherEnds && common[i][j + 1];
            return oneGoesOn || otherGoesOn;
        }
        return !oneEnds && !otherEnds && one.charAt(i) == other.charAt(j) && common[i + 1][j + 1];
    }
}
