package io.tollgate.emitter;

import io.tollgate.emitter.Outcome.Reason;
import io.tollgate.emitter.spool.Spool;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Takes events from the line to the spool, and tells that they are durable: one fsync for all that came meanwhile. */
final class SpoolWriter {

    private static final Logger LOG = LoggerFactory.getLogger(Emitter.class);
    private static final Outcome SPOOLED = new Outcome.Spooled();

    private final Line line;
    private final Spool spool;
    /** Whether the latest event was refused, so that a full spool is logged once. */
    private boolean refusing;

    SpoolWriter(Line line, Spool spool) {
        this.line = line;
        this.spool = spool;
    }

    /** Until the line ends. */
    void run() {
        while (true) {
            try {
                List<Pending> group = line.nextGroup();
                if (group.isEmpty()) {
                    return;
                }
                write(group);
            } catch (RuntimeException | Error e) {
                // No memory even to refuse. What has no outcome by now is in the next group.
                LOG.error("the spool fails, and is tried again", e);
            }
        }
    }

    private void write(List<Pending> group) {
        List<Pending> written = new ArrayList<>(group.size());
        try {
            for (Pending each : group) {
                if (each.isDecided()) {
                    continue; // Kafka was quicker.
                }
                if (spool.append(each.message().toBody()).isPresent()) {
                    written.add(each);
                } else {
                    refuse(each, Reason.SPOOL_FULL, "Kafka is away and the spool is full", null);
                }
            }
            spool.sync();
        } catch (IOException | RuntimeException | Error e) {
            if (!refusing) {
                LOG.error("the spool fails", e);
            }
            for (Pending each : group) {
                refuse(each, Reason.SPOOL_FAILED, "Kafka is away and the disk did not take the event", e);
            }
            return;
        }
        for (Pending each : written) {
            refusing = false;
            decide(each, SPOOLED);
        }
    }

    private void refuse(Pending pending, Reason reason, String message, @Nullable Throwable cause) {
        if (!refusing) {
            refusing = true;
            LOG.warn("events are refused: {}", message);
        }
        decide(pending, new Outcome.Refused(reason, new EmitException(message, true, cause)));
    }

    private void decide(Pending pending, Outcome outcome) {
        if (pending.decide(outcome)) {
            line.left();
        }
    }
}
