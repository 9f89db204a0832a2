package io.tollgate.cli;

/** A failure that the user can do something about: told in a sentence, without a stack trace. */
public final class UserException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final int exitCode;
    private final String hint;

    /**
     * @param exitCode see {@link ExitCode}
     * @param message what went wrong, and where
     * @param hint what to do about it
     */
    public UserException(int exitCode, String message, String hint) {
        super(message);
        this.exitCode = exitCode;
        this.hint = hint;
    }

    public int exitCode() {
        return exitCode;
    }

    public String hint() {
        return hint;
    }
}
