package io.tollgate.invoicing.chargeback;

import io.tollgate.invoicing.chargeback.ChargebackReport.Document;
import io.tollgate.invoicing.chargeback.ChargebackReport.Line;
import io.tollgate.invoicing.chargeback.ChargebackReport.Row;
import io.tollgate.invoicing.chargeback.ChargebackReport.Share;
import io.tollgate.invoicing.money.Money;
import java.time.LocalDate;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.Currency;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A month's cost as entries for a ledger: for each document, every cost centre's expense against what is payable. The debits
 * of each document are its credits, to the minor unit.
 *
 * @param entries in order of documents; of each, by cost centre and account, the payable last
 */
public record Journal(String tenant, YearMonth month, Currency currency, List<Entry> entries) {

    /**
     * One entry. One of debit and credit is zero, neither is negative.
     *
     * @param date when the document was issued, in the billing zone
     * @param costCentre empty of what is unallocated and of the payable
     * @param reference number of the document, as people know it
     * @param memo for people
     */
    public record Entry(
            LocalDate date,
            String account,
            Money debit,
            Money credit,
            Optional<String> costCentre,
            String reference,
            String memo) {}

    public Journal {
        entries = List.copyOf(entries);
        Money difference = Money.zero(currency);
        for (Entry entry : entries) {
            difference = difference.plus(entry.debit()).minus(entry.credit());
        }
        if (difference.signum() != 0) {
            throw new IllegalArgumentException("debits are not credits: " + difference + " apart");
        }
    }

    /** @param report of final documents alone: a draft is not posted */
    public static Journal of(ChargebackReport report, Accounts accounts) {
        List<Entry> entries = new ArrayList<>();
        for (Document document : report.documents()) {
            Entries of = new Entries(report, document);
            for (Row row : report.costCentres()) {
                of.add(Optional.of(row.costCentre().id()), row.own(), accounts);
            }
            of.add(Optional.empty(), report.unallocated(), accounts);
            of.post(accounts.payable(), document.due().negated(), Optional.empty(), "payable");
            entries.addAll(of.entries);
        }
        return new Journal(report.tenant(), report.month(), report.currency(), entries);
    }

    /** Those of one document. */
    private record Entries(ChargebackReport report, Document document, List<Entry> entries) {

        Entries(ChargebackReport report, Document document) {
            this(report, document, new ArrayList<>());
        }

        void add(Optional<String> centre, Share share, Accounts accounts) {
            SortedMap<String, Money> byAccount = new TreeMap<>();
            for (Line line : share.lines()) {
                if (line.document().equals(document.id())) {
                    byAccount.merge(accounts.of(centre, line.origin().kind()), line.amount(), Money::plus);
                }
            }
            for (Map.Entry<String, Money> each : byAccount.entrySet()) {
                post(each.getKey(), each.getValue(), centre, centre.orElse("unallocated"));
            }
        }

        void post(String account, Money amount, Optional<String> centre, String what) {
            if (amount.signum() == 0) {
                return;
            }
            Money zero = Money.zero(amount.currency());
            entries.add(new Entry(
                    document.issuedOn().orElseThrow(() -> new IllegalArgumentException(document.id() + " is a draft")),
                    account,
                    amount.max(zero),
                    amount.negated().max(zero),
                    centre,
                    document.number().orElse(document.id().toString()),
                    "AI usage " + report.month() + " of " + report.tenant() + ": " + what));
        }
    }
}
