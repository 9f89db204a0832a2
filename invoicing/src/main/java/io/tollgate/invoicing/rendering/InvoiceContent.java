package io.tollgate.invoicing.rendering;

import io.tollgate.invoicing.document.InvoiceDocument;
import io.tollgate.invoicing.document.PartyDocument;
import io.tollgate.invoicing.document.RangeDocument;
import io.tollgate.invoicing.document.StatementDocument;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
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
        int openQuestions) {

    private static final String TAX = "tax";
    private static final String CREDIT = "credit";
    /** What XML 1.0 has no characters for, and what would break a line. */
    private static final String UNPRINTABLE = "[^\\x20-\\x7E\\u00A0-\\uD7FF\\uE000-\\uFFFD\\x{10000}-\\x{10FFFF}]";

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
     * @param title short
     * @param detail what else tells it from others; may be empty
     * @param description all of that in one line
     */
    public record Item(
            String title,
            String detail,
            String description,
            String explanation,
            Days days,
            Optional<String> quantity,
            Optional<Count> count,
            BigDecimal amount) {}

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
            Optional<String> reason) {}

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
                invoice.exceptions().size());
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
