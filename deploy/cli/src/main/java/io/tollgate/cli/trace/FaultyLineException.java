package io.tollgate.cli.trace;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Why a line is no usage event; never leaves this package, where it becomes a {@link TraceLine.Bad}. */
final class FaultyLineException extends Exception {

    private static final long serialVersionUID = 1L;

    private final String reason;

    FaultyLineException(String reason, String detail) {
        this(reason, detail, null);
    }

    FaultyLineException(String reason, String detail, @Nullable Throwable cause) {
        // Without a stack trace: a file of bad lines must not be slower to read than a file of good ones.
        super(detail, cause, false, false);
        this.reason = reason;
    }

    static void throwIf(Optional<EventParser.Parsed.Rejected> problem) throws FaultyLineException {
        if (problem.isPresent()) {
            throw new FaultyLineException(problem.get().reason(), problem.get().detail());
        }
    }

    String reason() {
        return reason;
    }

    String detail() {
        return String.valueOf(getMessage());
    }
}
