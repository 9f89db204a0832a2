package io.tollgate.cli.doctor;

/**
 * What a check came to.
 *
 * @param name what was looked at
 * @param seen what was found, for people
 * @param advice what to do about it; empty when all is well
 */
public record Finding(String name, Status status, String seen, String advice) {

    /** From all is well to cannot work. A warning is for what Tollgate gets by with. */
    public enum Status {
        OK("ok"),
        WARNING("warning"),
        FAILED("failed");

        private final String word;

        Status(String word) {
            this.word = word;
        }

        /** As it is shown. */
        public String word() {
            return word;
        }
    }

    /** Nothing to do. */
    public static Finding ok(String name, String seen) {
        return new Finding(name, Status.OK, seen, "");
    }

    /** It works, but not as one may expect. */
    public static Finding warning(String name, String seen, String advice) {
        return new Finding(name, Status.WARNING, seen, advice);
    }

    /** It will not work. */
    public static Finding failed(String name, String seen, String advice) {
        return new Finding(name, Status.FAILED, seen, advice);
    }
}
