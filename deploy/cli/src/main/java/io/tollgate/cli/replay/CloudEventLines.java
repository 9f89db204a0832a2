package io.tollgate.cli.replay;

import io.tollgate.cli.trace.EventParser;
import io.tollgate.events.Dimensions;
import io.tollgate.ingest.cloudevents.CloudEventParser;
import io.tollgate.ingest.cloudevents.EventDefaults;
import io.tollgate.ingest.cloudevents.Parsed;
import java.time.Instant;
import java.util.Optional;

/** Reads lines as the HTTP edge reads events, with the command's options for what a line leaves out. */
final class CloudEventLines {

    private CloudEventLines() {}

    static EventParser withDefaults(Dimensions options, Instant arrival) {
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
            return parsed instanceof Parsed.Rejected rejected
                    ? new EventParser.Parsed.Rejected(rejected.reason().code(), rejected.detail())
                    : new EventParser.Parsed.Accepted(((Parsed.Accepted) parsed).event());
        };
    }

    private static Optional<String> given(String value) {
        return value.isEmpty() ? Optional.empty() : Optional.of(value);
    }
}
