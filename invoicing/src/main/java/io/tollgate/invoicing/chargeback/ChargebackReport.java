package io.tollgate.invoicing.chargeback;

import io.tollgate.invoicing.chargeback.AllocationRules.Mode;
import io.tollgate.invoicing.cost.CostReport;
import io.tollgate.invoicing.invoice.InvoiceId;
import io.tollgate.invoicing.money.Money;
import java.math.BigInteger;
import java.time.LocalDate;
import java.time.YearMonth;
import java.util.Currency;
import java.util.List;
import java.util.Optional;

/**
 * Whose cost the invoice and the notes of a month are. The rows, and the row of what is unallocated, add up to what is due
 * of each document, to the minor unit.
 *
 * @param mode of the rules in force at the month's end; {@link Mode#SHOWBACK} if there are none
 * @param documents in order
 * @param rules versions that were in force in the month, in order
 * @param rulesKnown number of the latest version when the report was made; 0 if there was none
 * @param costCentres each after its parent, and else by id; all that rules know or that have cost
 * @param unallocated what no rule took
 * @param exceptions how many pieces of usage cannot be billed, and are in no document
 * @param total of all documents
 */
public record ChargebackReport(
        String tenant,
        YearMonth month,
        Mode mode,
        Currency currency,
        List<Document> documents,
        List<Integer> rules,
        int rulesKnown,
        List<Row> costCentres,
        Share unallocated,
        int exceptions,
        Money total) {

    /**
     * An invoice, draft or note.
     *
     * @param number as people know it; empty for a draft
     * @param issuedOn in the billing zone; empty for a draft
     */
    public record Document(
            InvoiceId id, CostReport.Kind kind, Optional<String> number, Optional<LocalDate> issuedOn, Money due) {}

    /**
     * A cost centre.
     *
     * @param depth how many are above it
     * @param total with all below it
     */
    public record Row(CostCentre costCentre, int depth, Share own, Money total) {}

    /**
     * What is somebody's.
     *
     * @param amount in whole minor units
     * @param lines in order of documents and origins; they add up to the amount
     */
    public record Share(Money amount, List<Line> lines) {

        public Share {
            lines = List.copyOf(lines);
        }

        /** The part of it that is of one document. */
        public Money of(InvoiceId document) {
            return Money.sum(
                    lines.stream()
                            .filter(line -> line.document().equals(document))
                            .map(Line::amount)
                            .toList(),
                    amount.currency());
        }
    }

    /**
     * A part of a document.
     *
     * @param quantity in the meter's base unit; of usage alone
     * @param exact unrounded
     * @param amount in whole minor units
     */
    public record Line(InvoiceId document, Origin origin, Optional<BigInteger> quantity, Money exact, Money amount) {}

    public ChargebackReport {
        documents = List.copyOf(documents);
        rules = List.copyOf(rules);
        costCentres = List.copyOf(costCentres);
        Money shown = unallocated.amount();
        for (Row row : costCentres) {
            shown = shown.plus(row.own().amount());
        }
        // A report that does not add up is worse than none.
        if (!shown.equals(total)) {
            throw new IllegalArgumentException(
                    "shares of " + tenant + " in " + month + " come to " + shown + ", not to " + total);
        }
    }

    /** Whether all of it is billed; else it changes with usage. */
    public boolean isFinal() {
        return documents.stream().noneMatch(document -> document.kind() == CostReport.Kind.DRAFT);
    }
}
