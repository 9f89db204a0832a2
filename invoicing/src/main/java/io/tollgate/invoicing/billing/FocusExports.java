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
                .map(report -> new FocusRows(List.of(document(report, now))));
    }

    /**
     * Of what is charged in a month: its first invoice, or the draft of it as it stands, and what was issued in the month to
     * correct others, whatever month they are of: notes, and invoices that are billed again. So what is told of a month that
     * is past stays, whatever is done to its invoice. Empty if another tenant pays for this one and nothing was corrected, or
     * there is nothing to price it by.
     */
    public Optional<FocusRows> of(String tenant, YearMonth month, Instant now) {
        BillingPeriod period = BillingPeriod.of(month, tenant, agreements.payers(Set.of(tenant)));
        Optional<List<FocusDocument>> own = reports(tenant, month, now).map(all -> chargedIn(month, all, now));
        List<FocusDocument> charged = new ArrayList<>(own.orElse(List.of()));
        // One month after the other: what of it is charged elsewhere is let go before the next one is read.
        correctedIn(period, tenant, now).forEach((other, isBilledAgain) -> {
            // What notes say is in them, however much their months used.
            Optional<List<CostReport>> corrections =
                    isBilledAgain ? reports(tenant, other, now) : costs.of(tenant, other, Detail.NONE, List.of(), now);
            charged.addAll(chargedIn(month, corrections.orElse(List.of()), now));
        });
        // Who has joined an account may still be sent notes to what it paid for itself.
        return own.isEmpty() && charged.isEmpty() ? Optional.empty() : Optional.of(new FocusRows(charged));
    }

    private List<FocusDocument> chargedIn(YearMonth month, List<CostReport> reports, Instant now) {
        return reports.stream()
                .map(report -> document(report, now))
                .filter(document -> document.billedIn().month().equals(month))
                .toList();
    }

    /**
     * Other months to which a correction was issued in the period, or would be now.
     *
     * @return whether they were billed again, or would be; else notes are all that there is
     */
    private SortedMap<YearMonth, Boolean> correctedIn(BillingPeriod period, String tenant, Instant now) {
        SortedMap<YearMonth, Boolean> months = new TreeMap<>();
        SortedMap<YearMonth, FinalInvoice> latest = new TreeMap<>();
        for (FinalInvoice document : invoices.list(Optional.of(tenant), Optional.empty())) {
            boolean isCorrection = document.id().revision() > InvoiceId.FIRST_REVISION;
            if (isCorrection && period.range().contains(document.finalisedAt())) {
                months.merge(document.id().month(), !document.isNote(), Boolean::logicalOr);
            }
            if (!document.isNote()) {
                latest.put(document.id().month(), document);
            }
        }
        latest.forEach((month, invoice) -> {
            if (invoice.isVoid() && period.range().contains(now)) {
                months.put(month, true);
            }
        });
        months.remove(period.month());
        return months;
    }

    private Optional<List<CostReport>> reports(String tenant, YearMonth month, Instant now) {
        BillingPeriod period = BillingPeriod.of(month, tenant, agreements.payers(Set.of(tenant)));
        return costs.of(tenant, month, Detail.ALL, midnights(period), now);
    }

    private FocusDocument document(CostReport report, Instant now) {
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
        Optional<InvoiceId> corrected = corrected(id);
        // What was said when it was closed stays, whatever is agreed since.
        return new FocusDocument(
                report,
                corrected.isPresent() ? issuedIn(report.issuedAt().orElse(now), id.tenant(), payers) : report.period(),
                corrected,
                kept.at("/contract/buyer/name").asText(buyer),
                kept.at("/contract/seller/name").asText(seller),
                contracts);
    }

    /** Of a note, the invoice that it is to; of an invoice of a month that had one before, that; else empty. */
    private Optional<InvoiceId> corrected(InvoiceId id) {
        return invoices.list(id.month(), Set.of(id.tenant())).stream()
                .filter(document -> !document.isNote() && document.id().revision() < id.revision())
                .map(FinalInvoice::id)
                .reduce((earlier, later) -> later);
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
}
