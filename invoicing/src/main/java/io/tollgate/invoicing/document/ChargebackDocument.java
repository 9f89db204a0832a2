package io.tollgate.invoicing.document;

import io.swagger.v3.oas.annotations.media.Schema;
import io.tollgate.invoicing.chargeback.AllocationRules.Mode;
import io.tollgate.invoicing.chargeback.ChargebackReport;
import io.tollgate.invoicing.chargeback.ChargebackReport.Share;
import io.tollgate.invoicing.chargeback.CostCentre;
import io.tollgate.invoicing.chargeback.Origin;
import io.tollgate.invoicing.cost.CostReport;
import io.tollgate.invoicing.invoice.InvoiceId;
import io.tollgate.invoicing.money.Money;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.LocalDate;
import java.time.YearMonth;
import java.util.Currency;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Whose cost the invoice and the notes of a month are, as JSON. Amounts are strings of decimal digits. The own amounts of
 * all cost centres and what is unallocated add up to the total, and of each document to its due.
 *
 * @param mode {@code chargeback} or {@code showback}, by the rules in force at the month's end
 * @param documents the invoice or draft, and its notes
 * @param rules versions that were in force in the month
 * @param rulesKnown number of the latest version when it was made
 * @param costCentres each after its parent, and else by id
 * @param exceptions how many pieces of usage cannot be billed, and are in no document
 */
@Schema(name = "Chargeback")
public record ChargebackDocument(
        String tenant,
        String period,
        String mode,
        String currency,
        List<Billed> documents,
        List<Integer> rules,
        int rulesKnown,
        List<Centre> costCentres,
        Unallocated unallocated,
        int exceptions,
        String total) {

    /**
     * An invoice, draft or note.
     *
     * @param kind {@code draft}, {@code invoice}, {@code credit_note} or {@code debit_note}
     * @param issuedOn in the billing zone
     */
    @Schema(name = "ChargebackBilled")
    public record Billed(String id, String kind, Optional<String> number, Optional<String> issuedOn, String due) {

        static Billed of(ChargebackReport.Document document) {
            return new Billed(
                    document.id().toString(),
                    document.kind().name().toLowerCase(Locale.ROOT),
                    document.number(),
                    document.issuedOn().map(LocalDate::toString),
                    document.due().digits());
        }

        ChargebackReport.Document toDocument(Currency currency) {
            return new ChargebackReport.Document(
                    InvoiceId.parse(id).orElseThrow(() -> new IllegalArgumentException(id + " is no invoice's id")),
                    CostReport.Kind.valueOf(kind.toUpperCase(Locale.ROOT)),
                    number,
                    issuedOn.map(LocalDate::parse),
                    money(due, currency));
        }
    }

    /**
     * A cost centre.
     *
     * @param depth how many are above it
     * @param own its own cost, shares of shared cost included
     * @param total with all below it
     * @param documents what is of each document, where that is something
     * @param lines they add up to its own cost
     */
    @Schema(name = "ChargebackCostCentre")
    public record Centre(
            String costCentre,
            Optional<String> name,
            Optional<String> parent,
            int depth,
            String own,
            String total,
            List<Part> documents,
            List<Line> lines) {}

    /** What no rule took. */
    @Schema(name = "ChargebackUnallocated")
    public record Unallocated(String own, List<Part> documents, List<Line> lines) {}

    /** What is of one document. */
    @Schema(name = "ChargebackPart")
    public record Part(String document, String amount) {}

    /**
     * Where cost comes from.
     *
     * @param kind {@code usage} that a rule took; {@code unmatched_usage}; {@code change} of a line that was billed
     *     differently from what its usage comes to; or of what term: {@code fee}, {@code commitment}, {@code tax} …
     * @param id of the contract's term, or category of tax
     * @param quantity of usage, in the meter's base unit
     * @param rule id of the one that gave it to the cost centre, or left it unallocated
     * @param rulesVersion of that rule
     * @param exactAmount unrounded
     * @param amount in whole minor units
     */
    @Schema(name = "ChargebackLine")
    public record Line(
            String document,
            String kind,
            Optional<String> id,
            Optional<String> description,
            Optional<String> provider,
            Optional<String> model,
            Optional<String> meter,
            Optional<String> quantity,
            Optional<String> rule,
            Optional<Integer> rulesVersion,
            String exactAmount,
            String amount) {

        static Line of(ChargebackReport.Line line) {
            Origin origin = line.origin();
            return new Line(
                    line.document().toString(),
                    origin.kind().label(),
                    given(origin.id()),
                    given(origin.description()),
                    given(origin.provider()),
                    given(origin.model()),
                    given(origin.meter()),
                    line.quantity().map(BigInteger::toString),
                    origin.rule().map(Origin.AppliedRule::id),
                    origin.rule().map(Origin.AppliedRule::version),
                    line.exact().digits(),
                    line.amount().digits());
        }

        ChargebackReport.Line toLine(Currency currency) {
            return new ChargebackReport.Line(
                    InvoiceId.parse(document).orElseThrow(),
                    new Origin(
                            AllocationRulesDocument.kind(kind),
                            id.orElse(""),
                            description.orElse(""),
                            provider.orElse(""),
                            model.orElse(""),
                            meter.orElse(""),
                            rule.map(each -> new Origin.AppliedRule(rulesVersion.orElseThrow(), each))),
                    quantity.map(BigInteger::new),
                    money(exactAmount, currency),
                    money(amount, currency));
        }

        private static Optional<String> given(String text) {
            return text.isEmpty() ? Optional.empty() : Optional.of(text);
        }
    }

    public static ChargebackDocument of(ChargebackReport report) {
        return new ChargebackDocument(
                report.tenant(),
                report.month().toString(),
                report.mode().name().toLowerCase(Locale.ROOT),
                report.currency().getCurrencyCode(),
                report.documents().stream().map(Billed::of).toList(),
                report.rules(),
                report.rulesKnown(),
                report.costCentres().stream().map(row -> centre(report, row)).toList(),
                new Unallocated(
                        report.unallocated().amount().digits(),
                        parts(report, report.unallocated()),
                        lines(report.unallocated())),
                report.exceptions(),
                report.total().digits());
    }

    /** The report that the document is of. */
    public ChargebackReport toReport() {
        Currency money = Currency.getInstance(currency);
        return new ChargebackReport(
                tenant,
                YearMonth.parse(period),
                Mode.valueOf(mode.toUpperCase(Locale.ROOT)),
                money,
                documents.stream().map(each -> each.toDocument(money)).toList(),
                rules,
                rulesKnown,
                costCentres.stream()
                        .map(each -> new ChargebackReport.Row(
                                new CostCentre(each.costCentre(), each.name(), each.parent()),
                                each.depth(),
                                share(each.own(), each.lines(), money),
                                money(each.total(), money)))
                        .toList(),
                share(unallocated.own(), unallocated.lines(), money),
                exceptions,
                money(total, money));
    }

    private static Centre centre(ChargebackReport report, ChargebackReport.Row row) {
        return new Centre(
                row.costCentre().id(),
                row.costCentre().name(),
                row.costCentre().parent(),
                row.depth(),
                row.own().amount().digits(),
                row.total().digits(),
                parts(report, row.own()),
                lines(row.own()));
    }

    private static List<Part> parts(ChargebackReport report, Share share) {
        return report.documents().stream()
                .map(document -> new Part(
                        document.id().toString(), share.of(document.id()).digits()))
                .filter(part -> new BigDecimal(part.amount()).signum() != 0)
                .toList();
    }

    private static List<Line> lines(Share share) {
        return share.lines().stream().map(Line::of).toList();
    }

    private static Share share(String own, List<Line> lines, Currency currency) {
        return new Share(
                money(own, currency),
                lines.stream().map(line -> line.toLine(currency)).toList());
    }

    static Money money(String digits, Currency currency) {
        return new Money(new BigDecimal(digits), currency);
    }
}
