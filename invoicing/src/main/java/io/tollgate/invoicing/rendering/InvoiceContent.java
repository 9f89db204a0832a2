package io.tollgate.invoicing.rendering;

import io.tollgate.invoicing.document.InvoiceDocument;
import io.tollgate.invoicing.document.NoteDocument;
import io.tollgate.invoicing.document.PartyDocument;
import io.tollgate.invoicing.document.RangeDocument;
import io.tollgate.invoicing.document.StatementDocument;
import io.tollgate.invoicing.invoice.BillingPeriod;
import io.tollgate.invoicing.invoice.DocumentNumber.Series;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/**
 * What an invoice says, as it stands in its record: nothing here is reckoned but days, which are those of the contract's
 * time zone, or of UTC without one. The items' and terms' amounts add up to {@code net}, with taxes to {@code total}, and
 * with payments to {@code due}.
 *
 * @param number by which people know it
 * @param isFinal else it is a draft, and no invoice yet
 * @param at when it was closed; of a draft, when it was computed
 * @param issuer the name under which the seller is kept
 * @param days that are billed
 * @param terms what the contract adds or takes off before tax; some are worth nothing, but explain
 * @param payments what credits pay, as amounts below zero
 * @param openQuestions how much of the usage could not be billed; none in a final invoice
 * @param correction what a note says beside its amounts, which are differences: of a credit note, what is credited is
 *     above zero; empty of an invoice
 */
public record InvoiceContent(
        String number,
        boolean isFinal,
        String tenant,
        String currency,
        Instant at,
        LocalDate issuedOn,
        Optional<LocalDate> dueOn,
        Days days,
        Optional<String> issuer,
        Optional<PartyDocument> seller,
        Optional<PartyDocument> buyer,
        List<Item> items,
        List<Item> terms,
        List<Tax> taxes,
        List<Item> payments,
        BigDecimal subtotal,
        BigDecimal net,
        BigDecimal total,
        BigDecimal due,
        int openQuestions,
        Optional<Correction> correction) {

    private static final String TAX = "tax";
    private static final String CREDIT = "credit";
    /** What XML 1.0 has no characters for, and what would break a line. */
    private static final String UNPRINTABLE = "[^\\x20-\\x7E\\u00A0-\\uD7FF\\uE000-\\uFFFD\\x{10000}-\\x{10FFFF}]";

    /**
     * What a note corrects.
     *
     * @param isCredit else it bills more
     * @param invoice number of the invoice
     * @param issuedOn when that was issued
     * @param reason why, for the customer
     */
    public record Correction(boolean isCredit, String invoice, Optional<LocalDate> issuedOn, String reason) {}

    /** From the first to the last, both billed. */
    public record Days(LocalDate first, LocalDate last) {}

    /**
     * So many units at a price, where that is all there is to an amount.
     *
     * @param unitPrice for {@code per} of them, in the invoice's currency
     * @param isConverted whether the price is in another currency
     */
    public record Count(BigDecimal quantity, BigDecimal unitPrice, BigDecimal per, boolean isConverted) {}

    /**
     * A line, or what one term adds or takes off.
     *
     * @param usedBy whose usage it is, if not that of the invoice's tenant
     * @param title short
     * @param detail what else tells it from others; may be empty
     * @param description all of that in one line
     */
    public record Item(
            Optional<String> usedBy,
            String title,
            String detail,
            String description,
            String explanation,
            Days days,
            Optional<String> quantity,
            Optional<Count> count,
            BigDecimal amount) {

        Item times(UnaryOperator<BigDecimal> sign) {
            return new Item(usedBy, title, detail, description, explanation, days, quantity, count, sign.apply(amount));
        }
    }

    /**
     * Tax at one rate.
     *
     * @param category of UNCL 5305
     * @param reason why none is charged
     */
    public record Tax(
            String category,
            String jurisdiction,
            BigDecimal percent,
            BigDecimal taxable,
            BigDecimal amount,
            Optional<String> reason) {

        Tax times(UnaryOperator<BigDecimal> sign) {
            return new Tax(category, jurisdiction, percent, sign.apply(taxable), sign.apply(amount), reason);
        }
    }

    public InvoiceContent {
        items = List.copyOf(items);
        terms = List.copyOf(terms);
        taxes = List.copyOf(taxes);
        payments = List.copyOf(payments);
        BigDecimal shown = Stream.concat(items.stream(), terms.stream())
                .map(Item::amount)
                .reduce(BigDecimal.ZERO, BigDecimal::add);
        BigDecimal taxed = taxes.stream().map(Tax::amount).reduce(net, BigDecimal::add);
        BigDecimal paid = payments.stream().map(Item::amount).reduce(total, BigDecimal::add);
        // A document that does not add up is worse than none.
        if (shown.compareTo(net) != 0 || taxed.compareTo(total) != 0 || paid.compareTo(due) != 0) {
            throw new IllegalStateException("what " + number + " shows does not add up: " + shown + " to " + net + ", "
                    + taxed + " to " + total + ", " + paid + " to " + due);
        }
    }

    /** @throws IllegalStateException if the invoice does not add up */
    public static InvoiceContent of(InvoiceDocument invoice) {
        Optional<StatementDocument> contract = invoice.contract();
        ZoneId zone = contract.map(terms -> ZoneId.of(terms.timeZone())).orElse(ZoneId.from(ZoneOffset.UTC));
        Instant at = invoice.finalisedAt()
                .or(invoice::asOf)
                .orElse(invoice.servicePeriod().to());
        BigDecimal total = new BigDecimal(invoice.total());
        return new InvoiceContent(
                invoice.number().orElse(invoice.id()),
                invoice.finalisedAt().isPresent(),
                invoice.tenant(),
                invoice.currency(),
                at,
                LocalDate.ofInstant(at, zone),
                invoice.dueOn(),
                days(invoice.servicePeriod(), zone),
                contract.flatMap(StatementDocument::issuer),
                contract.flatMap(StatementDocument::seller).map(InvoiceContent::printable),
                contract.flatMap(StatementDocument::buyer).map(InvoiceContent::printable),
                invoice.lines().stream().map(line -> item(line, zone)).toList(),
                entries(contract)
                        .filter(entry ->
                                !entry.step().equals(TAX) && !entry.step().equals(CREDIT))
                        .map(InvoiceContent::item)
                        .toList(),
                contract.map(StatementDocument::taxes).orElse(List.of()).stream()
                        .map(InvoiceContent::tax)
                        .toList(),
                entries(contract)
                        .filter(entry -> entry.step().equals(CREDIT))
                        .map(InvoiceContent::item)
                        .toList(),
                new BigDecimal(invoice.subtotal()),
                contract.map(terms -> new BigDecimal(terms.net())).orElse(total),
                total,
                contract.map(terms -> new BigDecimal(terms.amountDue())).orElse(total),
                invoice.exceptions().size(),
                Optional.empty());
    }

    /** @throws IllegalStateException if the note does not add up */
    public static InvoiceContent of(NoteDocument note) {
        Optional<StatementDocument> contract = note.contract();
        ZoneId zone = contract.map(terms -> ZoneId.of(terms.timeZone())).orElse(ZoneId.from(ZoneOffset.UTC));
        boolean isCredit = note.kind().equals(Series.CREDIT_NOTE.label());
        UnaryOperator<BigDecimal> sign = isCredit ? BigDecimal::negate : UnaryOperator.identity();
        BigDecimal total = sign.apply(new BigDecimal(note.total()));
        // Notes had no terms once; what such a one has beside its lines is one amount.
        BigDecimal beside = total.subtract(sign.apply(new BigDecimal(note.subtotal())));
        RangeDocument period = note.servicePeriod()
                .orElseGet(() -> RangeDocument.of(
                        BillingPeriod.of(YearMonth.parse(note.period())).range()));
        Days days = days(period, zone);
        List<Item> unstated = contract.isEmpty() && beside.signum() != 0
                ? List.of(new Item(
                        Optional.empty(),
                        "Terms and tax",
                        "",
                        "Terms and tax",
                        "",
                        days,
                        Optional.empty(),
                        Optional.empty(),
                        beside))
                : List.of();
        return new InvoiceContent(
                note.number(),
                true,
                note.tenant(),
                note.currency(),
                note.finalisedAt(),
                LocalDate.ofInstant(note.finalisedAt(), zone),
                isCredit ? Optional.empty() : Optional.of(note.dueOn()),
                days,
                contract.flatMap(StatementDocument::issuer),
                contract.flatMap(StatementDocument::seller).map(InvoiceContent::printable),
                contract.flatMap(StatementDocument::buyer).map(InvoiceContent::printable),
                note.lines().stream().map(line -> item(line, zone, sign)).toList(),
                Stream.concat(
                                entries(contract)
                                        .filter(entry -> !entry.step().equals(TAX)
                                                && !entry.step().equals(CREDIT))
                                        .map(InvoiceContent::item)
                                        .map(item -> item.times(sign)),
                                unstated.stream())
                        .toList(),
                contract.map(StatementDocument::taxes).orElse(List.of()).stream()
                        .map(InvoiceContent::tax)
                        .map(tax -> tax.times(sign))
                        .toList(),
                entries(contract)
                        .filter(entry -> entry.step().equals(CREDIT))
                        .map(InvoiceContent::item)
                        .map(item -> item.times(sign))
                        .toList(),
                sign.apply(new BigDecimal(note.subtotal())),
                contract.map(terms -> sign.apply(new BigDecimal(terms.net()))).orElse(total),
                total,
                contract.map(terms -> sign.apply(new BigDecimal(terms.amountDue())))
                        .orElse(total),
                0,
                Optional.of(new Correction(
                        isCredit,
                        note.invoiceNumber().isEmpty() ? note.invoice() : note.invoiceNumber(),
                        note.invoiceFinalisedAt().map(at -> LocalDate.ofInstant(at, zone)),
                        printable(note.reason()))));
    }

    private static Item item(NoteDocument.Line line, ZoneId zone, UnaryOperator<BigDecimal> sign) {
        String title = (line.provider() + " " + line.model()).strip() + ": " + line.meter();
        String detail = String.join(
                " · ",
                Stream.of(
                                line.acceleratorType(),
                                line.region(),
                                line.operation(),
                                line.serviceTier(),
                                line.outcome(),
                                line.contextBand() == 0 ? "" : "context above " + line.contextBand(),
                                line.reservation()
                                        .map(id -> "reservation " + id)
                                        .orElse(""))
                        .filter(part -> !part.isEmpty())
                        .toList());
        return new Item(
                line.usedBy(),
                printable(title),
                printable(detail),
                printable(title + (detail.isEmpty() ? "" : ", " + detail)),
                "billed before: " + line.billedQuantity() + " for " + line.billedAmount(),
                days(line.servicePeriod(), zone),
                Optional.of(sign.apply(new BigDecimal(line.quantity())).toPlainString()),
                Optional.empty(),
                sign.apply(new BigDecimal(line.amount())));
    }

    private static Stream<StatementDocument.Item> entries(Optional<StatementDocument> contract) {
        return contract.map(StatementDocument::entries).orElse(List.of()).stream();
    }

    private static Item item(InvoiceDocument.Line line, ZoneId zone) {
        String product = (line.provider() + " " + line.model()).strip();
        String band = line.contextBand() == 0 ? "" : "context above " + line.contextBand();
        String detail = String.join(
                " · ",
                Stream.of(
                                line.acceleratorType(),
                                line.region(),
                                line.operation(),
                                line.serviceTier(),
                                line.outcome(),
                                band,
                                line.reservation()
                                        .map(id -> "reservation " + id)
                                        .orElse(""))
                        .filter(part -> !part.isEmpty())
                        .toList());
        BigDecimal rate = line.conversion()
                .map(conversion -> new BigDecimal(conversion.rate()))
                .orElse(BigDecimal.ONE);
        return new Item(
                line.usedBy(),
                printable(product.isEmpty() ? line.meter() : product + ": " + line.meter()),
                printable(detail),
                printable(line.description()),
                printable(line.explanation()),
                days(line.servicePeriod(), zone),
                Optional.of(line.quantity()),
                line.unitPrice()
                        .map(price -> new Count(
                                new BigDecimal(line.quantity()),
                                new BigDecimal(price.amount()).multiply(rate),
                                BigDecimal.valueOf(price.per()),
                                line.conversion().isPresent())),
                new BigDecimal(line.amount()));
    }

    private static Item item(StatementDocument.Item entry) {
        Days days = new Days(
                LocalDate.parse(entry.from()), LocalDate.parse(entry.to()).minusDays(1));
        return new Item(
                Optional.empty(),
                printable(entry.description()),
                "",
                printable(entry.description()),
                printable(entry.explanation()),
                days,
                Optional.empty(),
                Optional.empty(),
                new BigDecimal(entry.amount()));
    }

    private static Tax tax(StatementDocument.Tax tax) {
        return new Tax(
                tax.category(),
                tax.jurisdiction(),
                new BigDecimal(tax.percent()),
                new BigDecimal(tax.taxable()),
                new BigDecimal(tax.amount()),
                tax.reason().map(InvoiceContent::printable));
    }

    private static PartyDocument printable(PartyDocument party) {
        return new PartyDocument(
                printable(party.name()),
                party.addressLines()
                        .map(lines -> lines.stream()
                                .map(InvoiceContent::printable)
                                .filter(line -> !line.isBlank())
                                .toList()),
                party.city().map(InvoiceContent::printable),
                party.postalCode().map(InvoiceContent::printable),
                party.country(),
                party.subdivision(),
                party.vatId());
    }

    private static Days days(RangeDocument range, ZoneId zone) {
        return new Days(
                LocalDate.ofInstant(range.from(), zone),
                LocalDate.ofInstant(range.to().minusNanos(1), zone));
    }

    private static String printable(String text) {
        return text.replaceAll(UNPRINTABLE, " ");
    }
}
