package io.tollgate.invoicing.billing;

import com.fasterxml.jackson.databind.JsonNode;
import io.tollgate.invoicing.clickhouse.LineEvents;
import io.tollgate.invoicing.clickhouse.LineEvents.Behind;
import io.tollgate.invoicing.clickhouse.LineEvents.InWindow;
import io.tollgate.invoicing.clickhouse.LineEvents.Place;
import io.tollgate.invoicing.document.BilledDocuments;
import io.tollgate.invoicing.document.CanonicalJson;
import io.tollgate.invoicing.document.InvoiceDocument;
import io.tollgate.invoicing.invoice.Adjustment;
import io.tollgate.invoicing.invoice.InvoiceId;
import io.tollgate.invoicing.usage.Evidence;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Traces a line of an invoice back to rollups and events. */
public final class Explaining {

    private final Invoices invoices;
    private final LineEvents behind;

    public Explaining(Invoices invoices, LineEvents behind) {
        this.invoices = invoices;
        this.behind = behind;
    }

    /**
     * A line and what is behind it.
     *
     * @param line as its invoice says it: quantity, price version, arithmetic, evidence
     * @param windows its rollups as they are now, by window
     * @param archived what the archive has of its events now
     * @param events a page of them
     */
    public record Explanation(JsonNode line, List<InWindow> windows, Evidence archived, List<Behind> events) {

        /** What the rollups prove now. */
        public Evidence rolledUp() {
            return windows.stream().map(InWindow::evidence).reduce(Evidence.NONE, Evidence::plus);
        }

        /** Whether that is what the line was made from. */
        public boolean isProvenBy(Evidence evidence) {
            return evidence.eventCount() == line.path("eventCount").asLong()
                    && evidence.digest().toString().equals(line.path("digest").asText());
        }
    }

    /** Empty if there is no such line of an invoice; a note's lines are differences, which no event is behind. */
    public Optional<Explanation> explain(InvoiceId id, int number, Place after, int limit, Instant now) {
        return document(id, now)
                .filter(document -> !document.has("kind"))
                .flatMap(document -> line(document, number))
                .map(line -> {
                    Adjustment.Key key = BilledDocuments.key(line, id.tenant());
                    return new Explanation(
                            line, behind.windows(key), behind.archived(key), behind.events(key, after, limit));
                });
    }

    private Optional<JsonNode> document(InvoiceId id, Instant now) {
        Finding finding = invoices.find(id, now);
        if (finding instanceof Finding.Kept kept) {
            return Optional.of(CanonicalJson.read(kept.document(), JsonNode.class));
        }
        return finding instanceof Finding.Drafted drafted
                ? Optional.of(
                        CanonicalJson.read(CanonicalJson.write(InvoiceDocument.of(drafted.draft())), JsonNode.class))
                : Optional.empty();
    }

    private static Optional<JsonNode> line(JsonNode document, int number) {
        for (JsonNode line : document.path("lines")) {
            if (line.path("number").asInt() == number) {
                return Optional.of(line);
            }
        }
        return Optional.empty();
    }
}
