package io.tollgate.invoicing.billing;

import com.fasterxml.jackson.databind.JsonNode;
import io.tollgate.invoicing.contract.Contract;
import io.tollgate.invoicing.contract.ContractHistory;
import io.tollgate.invoicing.contract.Days;
import io.tollgate.invoicing.contract.Payers;
import io.tollgate.invoicing.cost.CostReport;
import io.tollgate.invoicing.document.CanonicalJson;
import io.tollgate.invoicing.focus.FocusDocument;
import io.tollgate.invoicing.focus.FocusRows;
import io.tollgate.invoicing.invoice.BillingPeriod;
import io.tollgate.invoicing.invoice.BillingTerms;
import io.tollgate.invoicing.invoice.InvoiceId;
import io.tollgate.invoicing.postgres.FinalInvoice;
import io.tollgate.invoicing.postgres.InvoiceStore;
import io.tollgate.invoicing.postgres.IssuerStore;
import io.tollgate.invoicing.usage.Detail;
import java.time.Instant;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/** What is exported as FOCUS: a document, or all that is charged in a month. */
public final class FocusExports {

    private final CostQuery costs;
    private final InvoiceStore invoices;
    private final Agreements agreements;
    private final IssuerStore issuers;
    private final BillingTerms terms;

    public FocusExports(
            CostQuery costs, InvoiceStore invoices, Agreements agreements, IssuerStore issuers, BillingTerms terms) {
        this.costs = costs;
        this.invoices = invoices;
        this.agreements = agreements;
        this.issuers = issuers;
        this.terms = terms;
    }

    /** Of an invoice, a draft or a note; empty if there is none of that id, or nothing to price it by. */
    public Optional<FocusRows> of(InvoiceId id, Instant now) {
        return reports(id.tenant(), id.month(), now)
                .flatMap(reports -> reports.stream()
                        .filter(report -> report.id().equals(id))
                        .findFirst())
                .map(report -> rows(List.of(report)));
    }

    /**
     * Of what is charged in a month: its invoices, or the draft as it stands, and the notes that were issued in it,
     * whatever month they correct. Empty if another tenant pays for this one and no notes were issued to it, or there is
     * nothing to price it by.
     */
    public Optional<FocusRows> of(String tenant, YearMonth month, Instant now) {
        Optional<List<CostReport>> own = reports(tenant, month, now);
        BillingPeriod period = BillingPeriod.of(month, tenant, agreements.payers(Set.of(tenant)));
        List<CostReport> charged = new ArrayList<>(
                own.orElse(List.of()).stream().filter(report -> !isNote(report)).toList());
        SortedMap<YearMonth, List<InvoiceId>> notes = new TreeMap<>();
        for (FinalInvoice document : invoices.list(Optional.of(tenant), Optional.empty())) {
            if (document.isNote() && period.range().contains(document.finalisedAt())) {
                notes.computeIfAbsent(document.id().month(), key -> new ArrayList<>())
                        .add(document.id());
            }
        }
        notes.forEach((corrected, ids) -> reports(tenant, corrected, now).orElse(List.of()).stream()
                .filter(report -> ids.contains(report.id()))
                .forEach(charged::add));
        // Who has joined an account may still be sent notes to what it paid for itself.
        return own.isEmpty() && charged.isEmpty() ? Optional.empty() : Optional.of(rows(charged));
    }

    private Optional<List<CostReport>> reports(String tenant, YearMonth month, Instant now) {
        BillingPeriod period = BillingPeriod.of(month, tenant, agreements.payers(Set.of(tenant)));
        return costs.of(tenant, month, Detail.ALL, midnights(period), now);
    }

    private FocusRows rows(List<CostReport> reports) {
        return new FocusRows(reports.stream().map(this::document).toList());
    }

    private FocusDocument document(CostReport report) {
        InvoiceId id = report.id();
        Payers payers = agreements.payers(Set.of(id.tenant()));
        Optional<ContractHistory> contracts = payers.contract(id.tenant());
        JsonNode kept = invoices.document(id)
                .map(text -> CanonicalJson.read(text, JsonNode.class))
                .orElseGet(() -> CanonicalJson.read("{}", JsonNode.class));
        Optional<Contract> agreed = contracts
                .flatMap(history -> history.lastIn(Days.of(id.month())))
                .map(version -> version.content());
        String buyer = agreed.flatMap(Contract::billing)
                .map(billing -> billing.buyer().name())
                .orElse(id.tenant());
        String seller = agreed.flatMap(Contract::billing)
                .flatMap(billing -> issuers.find(billing.issuer()))
                .map(issuer -> issuer.seller().name())
                .orElse(terms.issuer());
        // What was said when it was closed stays, whatever is agreed since.
        return new FocusDocument(
                report,
                isNote(report) ? issuedIn(report.issuedAt().orElseThrow(), id.tenant(), payers) : report.period(),
                isNote(report)
                        ? invoices.find(id).map(note -> new InvoiceId(id.tenant(), id.month(), note.ofRevision()))
                        : Optional.empty(),
                kept.at("/contract/buyer/name").asText(buyer),
                kept.at("/contract/seller/name").asText(seller),
                contracts);
    }

    /** The tenant's month that an instant lies in, which is that of UTC or one beside it. */
    private static BillingPeriod issuedIn(Instant instant, String tenant, Payers payers) {
        YearMonth month = YearMonth.from(instant.atOffset(ZoneOffset.UTC));
        return List.of(month.minusMonths(1), month, month.plusMonths(1)).stream()
                .map(each -> BillingPeriod.of(each, tenant, payers))
                .filter(period -> period.range().contains(instant))
                .findFirst()
                .orElseThrow();
    }

    private static List<Instant> midnights(BillingPeriod period) {
        List<Instant> midnights = new ArrayList<>();
        for (LocalDate day = period.month().atDay(1);
                !day.isAfter(period.month().atEndOfMonth());
                day = day.plusDays(1)) {
            midnights.add(day.atStartOfDay(period.zone()).toInstant());
        }
        return midnights;
    }

    private static boolean isNote(CostReport report) {
        return report.kind() == CostReport.Kind.CREDIT_NOTE || report.kind() == CostReport.Kind.DEBIT_NOTE;
    }
}
