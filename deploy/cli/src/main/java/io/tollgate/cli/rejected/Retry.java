package io.tollgate.cli.rejected;

import io.tollgate.cli.ExitCode;
import io.tollgate.cli.Sentence;
import io.tollgate.cli.UserException;
import io.tollgate.emitter.Emitter;
import io.tollgate.emitter.rules.EventLimits;
import io.tollgate.emitter.rules.Fault;
import io.tollgate.events.UsageEvent;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.stream.Collectors;

/** Sends rejected events again, as they came. The job drops what it has counted before, so to send too much is harmless. */
final class Retry {

    private static final String CONFLICT = "identity_conflict";

    private final List<Place> sent = new ArrayList<>();
    private final Map<Place, String> left = new LinkedHashMap<>();

    private Retry() {}

    /**
     * Sends those that can be sent.
     *
     * @throws UserException when Kafka does not take them
     */
    static Retry of(List<Rejected> events, Emitter emitter, Instant now) {
        Retry retry = new Retry();
        List<CompletableFuture<?>> acknowledged = new ArrayList<>();
        for (Rejected rejected : events) {
            Optional<UsageEvent> event = Original.event(rejected.original(), now);
            Optional<String> problem = event.isEmpty()
                    ? Optional.of("its bytes are no event; send what they should have been anew")
                    : problem(rejected, event.get(), now);
            if (problem.isPresent()) {
                retry.left.put(rejected.place(), problem.get());
            } else {
                acknowledged.add(emitter.emit(event.orElseThrow()));
                retry.sent.add(rejected.place());
            }
        }
        emitter.flush();
        try {
            acknowledged.forEach(CompletableFuture::join);
        } catch (CompletionException e) {
            throw new UserException(
                    ExitCode.UNAVAILABLE,
                    "Kafka did not take all of them: " + Sentence.of(e),
                    "retry them again: what was counted is not counted twice");
        }
        return retry;
    }

    /** Those that Kafka has again. */
    List<Place> sent() {
        return sent;
    }

    /** Why the others were not sent, in the order in which they were named. */
    Map<Place, String> left() {
        return left;
    }

    private static Optional<String> problem(Rejected rejected, UsageEvent event, Instant now) {
        if (rejected.counted()) {
            return Optional.of(
                    rejected.reason().equals(CONFLICT)
                            ? "another event of that source and id is counted; send it under an id of its own"
                            : "it is counted by now");
        }
        List<Fault> faults = EventLimits.check(event, now);
        return faults.isEmpty()
                ? Optional.empty()
                : Optional.of(faults.stream().map(Fault::explanation).distinct().collect(Collectors.joining(" ")));
    }
}
