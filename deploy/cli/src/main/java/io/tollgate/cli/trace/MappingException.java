package io.tollgate.cli.trace;

/** A mapping that cannot be used: what is wrong, in a sentence for its author. */
public final class MappingException extends IllegalArgumentException {

    private static final long serialVersionUID = 1L;

    MappingException(String message) {
        super(message);
    }
}
