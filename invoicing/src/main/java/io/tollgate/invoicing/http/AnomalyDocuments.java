package io.tollgate.invoicing.http;

import io.swagger.v3.oas.annotations.media.Schema;
import io.tollgate.invoicing.document.AnomalyDocument;
import io.tollgate.invoicing.document.ChangeDocument;
import io.tollgate.invoicing.postgres.AnomalyStore;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;

/** What is said about anomalies. */
final class AnomalyDocuments {

    private AnomalyDocuments() {}

    /**
     * A day that cost a tenant another amount than its own past let expect.
     *
     * @param day of the tenant's zone
     * @param scope {@code tenant} for all that it used, or {@code model}
     * @param provider absent for the whole
     * @param model absent for the whole
     * @param expected what the days before it let expect, decimal digits
     * @param actual its effective cost, exact, decimal digits
     * @param difference {@code actual} less {@code expected}
     * @param score how many standard deviations of the tenant's days that is, at most 99.9
     * @param against the ordinary day that {@code change} is compared with
     * @param change why it cost another amount than that day; of a list, without products
     * @param changedAt when it was last found to be something else than before: usage comes late
     * @param withdrawnAt when it was found to be nothing out of the ordinary any more
     */
    @Schema(name = "Anomaly")
    public record Shown(
            String id,
            String tenant,
            LocalDate day,
            String scope,
            Optional<String> provider,
            Optional<String> model,
            String currency,
            String expected,
            String actual,
            String difference,
            String score,
            LocalDate against,
            ChangeDocument change,
            Instant foundAt,
            Instant changedAt,
            Optional<Instant> withdrawnAt,
            Optional<Instant> acknowledgedAt,
            Optional<String> acknowledgedBy,
            Optional<String> note) {

        static Shown of(AnomalyStore.Kept kept) {
            return of(kept, kept.document().change());
        }

        static Shown withoutProducts(AnomalyStore.Kept kept) {
            ChangeDocument change = kept.document().change();
            return of(
                    kept,
                    new ChangeDocument(
                            change.before(), change.after(), change.difference(), change.parts(), List.of()));
        }

        private static Shown of(AnomalyStore.Kept kept, ChangeDocument change) {
            AnomalyDocument anomaly = kept.document();
            boolean whole = anomaly.ofWhole();
            return new Shown(
                    kept.id(),
                    kept.tenant(),
                    anomaly.day(),
                    whole ? "tenant" : "model",
                    whole ? Optional.empty() : Optional.of(anomaly.provider()),
                    whole ? Optional.empty() : Optional.of(anomaly.model()),
                    anomaly.currency(),
                    anomaly.expected(),
                    anomaly.actual(),
                    anomaly.difference(),
                    anomaly.score(),
                    anomaly.against(),
                    change,
                    kept.foundAt(),
                    kept.changedAt(),
                    kept.withdrawnAt(),
                    kept.acknowledgement().map(AnomalyStore.Acknowledgement::at),
                    kept.acknowledgement().map(AnomalyStore.Acknowledgement::by),
                    kept.acknowledgement()
                            .map(AnomalyStore.Acknowledgement::note)
                            .filter(note -> !note.isEmpty()));
        }
    }

    /** Anomalies, the latest day first. */
    @Schema(name = "AnomalyPage")
    public record Page(List<Shown> anomalies, Optional<String> nextCursor) {}

    /**
     * That somebody knows.
     *
     * @param by who, in at most 1,000 characters
     * @param note what came of it
     */
    @Schema(name = "AnomalyAcknowledgement")
    public record Acknowledging(String by, Optional<String> note) {}
}
