package io.tollgate.cli.replay;

import io.tollgate.cli.trace.EventParser;
import io.tollgate.emitter.rules.Fault;
import io.tollgate.events.Dimensions;
import io.tollgate.ingest.cloudevents.CloudEventParser;
import io.tollgate.ingest.cloudevents.EventDefaults;
import io.tollgate.ingest.cloudevents.Parsed;
import io.tollgate.ingest.policy.EventPolicy;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Reads lines as the HTTP edge reads events, of whatever age, with the command's options for what a line leaves out. */
final class CloudEventLines {

    private CloudEventLines() {}

    static EventParser withDefaults(Dimensions options, Instant arrival, EventPolicy policy) {
        EventDefaults defaults = new EventDefaults(
                given(options.getTenant()),
                given(options.getProvider()),
                given(options.getModel()),
                given(options.getAcceleratorType()),
                given(options.getRegion()),
                options.getOperation(),
                options.getServiceTier());
        return line -> {
            Parsed parsed = CloudEventParser.parse(line, defaults, arrival);
            if (parsed instanceof Parsed.Accepted accepted) {
                List<Fault> faults = policy.check(accepted.event(), arrival, true);
                if (faults.isEmpty()) {
                    return new EventParser.Parsed.Accepted(accepted.event());
                }
                parsed = Parsed.Rejected.of(accepted.event(), faults);
            }
            Parsed.Rejected rejected = (Parsed.Rejected) parsed;
            return new EventParser.Parsed.Rejected(rejected.reason().code(), rejected.detail());
        };
    }

    private static Optional<String> given(String value) {
        return value.isEmpty() ? Optional.empty() : Optional.of(value);
    }
}
