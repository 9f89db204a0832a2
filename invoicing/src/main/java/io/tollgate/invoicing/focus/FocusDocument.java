package io.tollgate.invoicing.focus;

import io.tollgate.invoicing.contract.Contract;
import io.tollgate.invoicing.contract.ContractHistory;
import io.tollgate.invoicing.contract.ContractVersion;
import io.tollgate.invoicing.contract.Reservation;
import io.tollgate.invoicing.contract.Term;
import io.tollgate.invoicing.cost.CostReport;
import io.tollgate.invoicing.cost.CostReport.Kind;
import io.tollgate.invoicing.invoice.BillingPeriod;
import io.tollgate.invoicing.invoice.InvoiceId;
import java.util.Comparator;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A document to export, with what its report does not say.
 *
 * @param report what it costs; its usage told by day, project and all tags
 * @param billedIn the month that it is charged in: its own, or of what corrects an invoice the one in which it was issued
 * @param corrects of a note, the invoice that it is to; of an invoice that is billed again, the void one
 * @param accountName whom it is for, as people know them
 * @param issuerName who issues it, as people know them; also the provider, as FOCUS calls who sells the service
 * @param contracts of the tenant, if it has any: what its reservations are
 */
public record FocusDocument(
        CostReport report,
        BillingPeriod billedIn,
        Optional<InvoiceId> corrects,
        String accountName,
        String issuerName,
        Optional<ContractHistory> contracts) {

    public FocusDocument {
        if (isNote(report) && corrects.isEmpty()) {
            throw new IllegalArgumentException(report.id() + " is a " + report.kind() + " to nothing");
        }
    }

    boolean isNote() {
        return isNote(report);
    }

    /** Whether it changes what was billed of a month before. */
    boolean isCorrection() {
        return corrects.isPresent();
    }

    boolean isDraft() {
        return report.kind() == Kind.DRAFT;
    }

    /** As people know it; one from before there were numbers has its id. */
    Optional<String> invoiceId() {
        return isDraft()
                ? Optional.empty()
                : Optional.of(report.number().orElseGet(() -> report.id().toString()));
    }

    /** The reservation of that id, as the latest version of the contract says that names it. */
    Optional<Reservation> reservation(String id) {
        return versions()
                .flatMap(contract -> contract.terms().stream())
                .filter(term -> term.id().equals(id))
                .filter(Reservation.class::isInstance)
                .map(Reservation.class::cast)
                .findFirst();
    }

    /** What is unique among all tenants. */
    String qualified(String termId) {
        return "contract:" + report.id().tenant() + "/" + termId;
    }

    /** What a term is called, by the latest version of the contract that names it. */
    Optional<String> description(String termId) {
        return versions()
                .flatMap(contract -> contract.terms().stream())
                .filter(term -> term.id().equals(termId))
                .map(FocusDocument::description)
                .filter(text -> !text.isBlank())
                .findFirst();
    }

    private static String description(Term term) {
        return term instanceof Reservation reservation ? reservation.description() : "";
    }

    private Stream<Contract> versions() {
        return contracts.stream()
                .flatMap(history -> history.versions().stream())
                .sorted(Comparator.comparing(ContractVersion::version).reversed())
                .map(ContractVersion::content);
    }

    private static boolean isNote(CostReport report) {
        return report.kind() == Kind.CREDIT_NOTE || report.kind() == Kind.DEBIT_NOTE;
    }
}
