package io.tollgate.emitter;

import org.jspecify.annotations.Nullable;

/**
 * An event was not acknowledged. Kafka may have it all the same, when only the acknowledgement was lost; giving it again
 * is safe, because duplicates are dropped by (source, id).
 */
public final class EmitException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final boolean retriable;

    EmitException(String message, boolean retriable, @Nullable Throwable cause) {
        super(message, cause);
        this.retriable = retriable;
    }

    /** Whether giving the same event again later may succeed; false for events that can never be sent. */
    public boolean retriable() {
        return retriable;
    }
}
