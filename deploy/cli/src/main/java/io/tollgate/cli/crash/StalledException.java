package io.tollgate.cli.crash;

/** Nothing has moved for longer than anything takes to come back. */
final class StalledException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    StalledException(String message) {
        super(message);
    }
}
