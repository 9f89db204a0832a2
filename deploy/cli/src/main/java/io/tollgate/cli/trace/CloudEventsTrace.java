package io.tollgate.cli.trace;

import io.tollgate.events.UsageEvent;
import java.util.List;
import java.util.Optional;

/** One CloudEvent in JSON on each line. Its events bring identity, time and dimensions along, so nothing is added. */
public record CloudEventsTrace(EventParser events) implements TraceFormat {

    @Override
    public String name() {
        return "cloudevents-jsonl";
    }

    @Override
    public List<String> settings() {
        return List.of();
    }

    @Override
    public LineParser parser(String source) {
        return (line, name) -> parse(line);
    }

    private Optional<UsageEvent> parse(RawLine line) throws FaultyLineException {
        EventParser.Parsed parsed = events.parse(line.bytes());
        if (parsed instanceof EventParser.Parsed.Rejected rejected) {
            throw new FaultyLineException(rejected.reason(), rejected.detail());
        }
        return Optional.of(((EventParser.Parsed.Accepted) parsed).event());
    }
}
