package io.tollgate.invoicing.http;

import com.fasterxml.jackson.databind.JsonNode;
import io.swagger.v3.oas.annotations.media.Schema;
import io.tollgate.invoicing.billing.Explaining.Explanation;
import io.tollgate.invoicing.clickhouse.LineEvents.Behind;
import io.tollgate.invoicing.clickhouse.LineEvents.InWindow;
import io.tollgate.invoicing.document.InvoiceDocument;
import io.tollgate.invoicing.usage.Evidence;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What is behind a line of an invoice.
 *
 * @param line as the invoice says it: quantity, price version, arithmetic, evidence
 * @param rollups what the rollups say now
 * @param archive what the archive of events says now
 * @param windows the rollups, by window of 15 minutes; on the first page only
 * @param events a page of the events, in order of window, source and id
 * @param nextCursor what asks for the next page; absent on the last
 */
@Schema(name = "LineExplanation")
record ExplanationDocument(
        @Schema(implementation = InvoiceDocument.Line.class) JsonNode line,
        Proof rollups,
        Proof archive,
        Optional<List<Window>> windows,
        List<Event> events,
        Optional<String> nextCursor) {

    /**
     * What was found behind the line.
     *
     * @param eventCount of the product's events in the service period
     * @param digest sum of their digests
     * @param reconciles whether both are the line's; if not, usage came or went since, or events are archived no more
     */
    @Schema(name = "LineProof")
    record Proof(long eventCount, String digest, boolean reconciles) {

        static Proof of(Explanation explanation, Evidence evidence) {
            return new Proof(evidence.eventCount(), evidence.digest().toString(), explanation.isProvenBy(evidence));
        }
    }

    /**
     * The rollups of one window.
     *
     * @param quantity of the line's meter, be it covered by a reservation or not
     */
    @Schema(name = "LineWindow")
    record Window(Instant start, String quantity, long eventCount, String digest) {

        static Window of(InWindow window) {
            return new Window(
                    window.start(),
                    window.quantity().toString(),
                    window.evidence().eventCount(),
                    window.evidence().digest().toString());
        }
    }

    /**
     * An event of the line's product.
     *
     * @param quantity of the line's meter; zero if it has none
     * @param reverses the event that it takes back
     */
    @Schema(name = "LineEvent")
    record Event(
            String source,
            String id,
            Instant time,
            Instant window,
            String project,
            String requestedModel,
            String quantity,
            Optional<Reversed> reverses,
            String digest) {

        static Event of(Behind event) {
            return new Event(
                    event.source(),
                    event.id(),
                    event.time(),
                    event.window(),
                    event.project(),
                    event.requestedModel(),
                    Long.toString(event.quantity()),
                    event.reversed().map(other -> new Reversed(other.source(), other.id())),
                    event.evidence().digest().toString());
        }
    }

    /** The event that another takes back. */
    @Schema(name = "ReversedEvent")
    record Reversed(String source, String id) {}

    /** @param limit how many events were asked for; one more was read if there are more */
    static ExplanationDocument of(Explanation explanation, boolean isFirst, int limit) {
        List<Behind> shown = explanation
                .events()
                .subList(0, Math.min(limit, explanation.events().size()));
        return new ExplanationDocument(
                explanation.line(),
                Proof.of(explanation, explanation.rolledUp()),
                Proof.of(explanation, explanation.archived()),
                isFirst
                        ? Optional.of(
                                explanation.windows().stream().map(Window::of).toList())
                        : Optional.empty(),
                shown.stream().map(Event::of).toList(),
                explanation.events().size() > limit ? Optional.of(cursor(shown.get(limit - 1))) : Optional.empty());
    }

    private static String cursor(Behind last) {
        return Parameters.cursorOf(Long.toString(last.window().getEpochSecond()), last.source(), last.id());
    }
}
