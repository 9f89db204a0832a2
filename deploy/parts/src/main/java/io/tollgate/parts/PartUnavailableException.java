package io.tollgate.parts;

/** A part cannot be had, for a reason that its user can do something about. Nothing was left running. */
public final class PartUnavailableException extends RuntimeException {

    /** Why. The name in lower case is the stable code. */
    public enum Reason {
        /** Another process holds this data directory. */
        DIRECTORY_IN_USE,
        /** The data directory or the log cannot be made or written. */
        DIRECTORY_UNUSABLE,
        /** The engine ended, or did not answer in time; the message has the end of its log. */
        ENGINE_DID_NOT_START,
        /** There is no pinned build of this engine for this system. */
        PLATFORM_UNSUPPORTED,
        /** The engine's library is not here and {@code npm}, which would fetch it, is not either. */
        NPM_MISSING,
        /** The engine could not be fetched. */
        FETCH_FAILED,
        /** What was fetched is not what was pinned. It was thrown away. */
        FETCH_CORRUPT,
        /** No Docker engine answers, or Testcontainers is not on the class path, or an image cannot be had. */
        CONTAINERS_UNAVAILABLE
    }

    private final Reason reason;

    PartUnavailableException(Reason reason, String message) {
        super(message);
        this.reason = reason;
    }

    PartUnavailableException(Reason reason, String message, Throwable cause) {
        super(message, cause);
        this.reason = reason;
    }

    public Reason reason() {
        return reason;
    }

    /** The stable code, in snake_case. */
    public String code() {
        return reason.name().toLowerCase(java.util.Locale.ROOT);
    }
}
