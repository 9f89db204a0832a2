package io.tollgate.cli;

/** What the command's exit status tells. The numbers above 64 are those of BSD's sysexits(3). */
public final class ExitCode {

    public static final int OK = 0;

    /** It was asked something that cannot be done, such as finalising an open month. */
    public static final int REFUSED = 1;

    /** The command line is wrong (picocli's own number). */
    public static final int USAGE = 2;

    /** The input is wrong: no line of a trace could be used, or some could not and {@code --strict} was given. */
    public static final int DATA_ERROR = 65;

    /** A file named on the command line cannot be read. */
    public static final int NO_INPUT = 66;

    /** Something that is needed is not there: no running instance, a part that does not start. */
    public static final int UNAVAILABLE = 69;

    /** A fault of Tollgate's own. */
    public static final int INTERNAL = 70;

    /** A file named on the command line cannot be written. */
    public static final int CANNOT_CREATE = 73;

    private ExitCode() {}
}
