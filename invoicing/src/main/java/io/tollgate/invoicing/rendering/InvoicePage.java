package io.tollgate.invoicing.rendering;

import io.tollgate.invoicing.document.PartyDocument;
import io.tollgate.invoicing.rendering.InvoiceContent.Correction;
import io.tollgate.invoicing.rendering.InvoiceContent.Days;
import io.tollgate.invoicing.rendering.InvoiceContent.Item;
import io.tollgate.invoicing.rendering.InvoiceContent.Tax;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * What the template of the PDF is filled with: texts only, empty where there is nothing to show. The template escapes all
 * of them but {@code logo} and {@code fontFamily}, which are ours.
 */
record InvoicePage(
        String title,
        String number,
        String draft,
        String brand,
        String logo,
        String colour,
        String fontFamily,
        List<String> footer,
        List<Address> seller,
        List<Address> buyer,
        List<Fact> facts,
        String currency,
        String dueLabel,
        String due,
        List<Row> items,
        List<Sum> sums,
        List<String> notes) {

    /** A party's name and the lines below it. */
    record Address(String name, List<String> lines) {}

    record Fact(String label, String value) {}

    /** @param user whose usage it and the rows after it are, and what that comes to; where that changes */
    record Row(
            String user,
            String number,
            String title,
            String detail,
            String days,
            String explanation,
            String quantity,
            String price,
            String per,
            String amount) {}

    /**
     * One amount below the lines.
     *
     * @param kind its class in the template's style
     */
    record Sum(String kind, String title, String explanation, String amount) {}

    static InvoicePage of(InvoiceContent invoice, Branding branding, String fontFamily) {
        return new InvoicePage(
                title(invoice),
                invoice.number(),
                invoice.isFinal() ? "" : draft(invoice),
                branding.name()
                        .or(() -> invoice.seller().map(PartyDocument::name))
                        .orElse("Tollgate"),
                branding.logo().map(Branding.Logo::uri).orElse(""),
                branding.colour(),
                fontFamily,
                branding.footer(),
                invoice.seller().map(InvoicePage::address).stream().toList(),
                List.of(invoice.buyer().map(InvoicePage::address).orElse(new Address(invoice.tenant(), List.of()))),
                facts(invoice),
                invoice.currency(),
                dueLabel(invoice),
                amount(invoice.due()),
                IntStream.range(0, invoice.items().size())
                        .mapToObj(index -> row(
                                user(invoice, index),
                                index + 1,
                                invoice.items().get(index),
                                invoice.days(),
                                invoice.due().scale()))
                        .toList(),
                sums(invoice),
                Stream.concat(
                                invoice.correction().map(Correction::reason).stream(),
                                invoice.taxes().stream().flatMap(tax -> tax.reason().stream()))
                        .distinct()
                        .toList());
    }

    private static String title(InvoiceContent invoice) {
        return invoice.correction()
                .map(note -> note.isCredit() ? "Credit note" : "Debit note")
                .orElse(invoice.isFinal() ? "Invoice" : "Draft invoice");
    }

    private static String draft(InvoiceContent invoice) {
        String open = invoice.openQuestions() == 0
                ? ""
                : " " + invoice.openQuestions() + " exception(s) are not billed yet and must be decided on first.";
        return "This is a draft as of " + invoice.at()
                + ", not an invoice. Amounts change with usage until it is closed." + open;
    }

    private static List<Fact> facts(InvoiceContent invoice) {
        return Stream.of(
                        Optional.of(new Fact("Number", invoice.number())),
                        Optional.of(new Fact(
                                invoice.isFinal() ? "Date" : "As of",
                                invoice.issuedOn().toString())),
                        invoice.correction()
                                .map(note -> new Fact(
                                        "Corrects",
                                        note.invoice()
                                                + note.issuedOn()
                                                        .map(day -> " of " + day)
                                                        .orElse(""))),
                        invoice.dueOn().map(day -> new Fact("Due", day.toString())),
                        Optional.of(new Fact("Period", days(invoice.days()))),
                        Optional.of(new Fact("Account", invoice.tenant())))
                .flatMap(Optional::stream)
                .toList();
    }

    private static Address address(PartyDocument party) {
        List<String> lines = new ArrayList<>(party.addressLines().orElse(List.of()));
        String place = String.join(
                " ",
                Stream.of(party.postalCode(), party.city(), party.subdivision())
                        .flatMap(Optional::stream)
                        .toList());
        if (!place.isBlank()) {
            lines.add(place);
        }
        String country = new Locale("", party.country()).getDisplayCountry(Locale.ENGLISH);
        lines.add(country.isBlank() ? party.country() : country);
        party.vatId().ifPresent(id -> lines.add("VAT id " + id));
        return new Address(party.name(), List.copyOf(lines));
    }

    /** Nothing on the invoice of who pays for itself alone. */
    private static String user(InvoiceContent invoice, int index) {
        List<Item> items = invoice.items();
        Optional<String> user = items.get(index).usedBy();
        boolean goesOn = index > 0 && items.get(index - 1).usedBy().equals(user);
        if (goesOn || items.stream().allMatch(item -> item.usedBy().isEmpty())) {
            return "";
        }
        BigDecimal sum = items.stream()
                .filter(item -> item.usedBy().equals(user))
                .map(Item::amount)
                .reduce(BigDecimal.ZERO, BigDecimal::add);
        return "Used by " + user.orElse(invoice.tenant()) + ", " + amount(sum) + " in all";
    }

    /** What a plain price says already needs no explanation. */
    private static Row row(String user, int number, Item item, Days all, int scale) {
        boolean plain = item.count().filter(count -> !count.isConverted()).isPresent();
        return new Row(
                user,
                Integer.toString(number),
                item.title(),
                item.detail(),
                item.days().equals(all) ? "" : days(item.days()),
                plain ? "" : item.explanation(),
                item.quantity()
                        .map(quantity -> grouped(new BigDecimal(quantity)))
                        .orElse(""),
                item.count().map(count -> price(count.unitPrice(), scale)).orElse(""),
                item.count()
                        .filter(count -> count.per().compareTo(BigDecimal.ONE) != 0)
                        .map(count -> "per " + grouped(count.per()))
                        .orElse(""),
                amount(item.amount()));
    }

    private static List<Sum> sums(InvoiceContent invoice) {
        List<Sum> sums = new ArrayList<>();
        boolean more = !invoice.terms().isEmpty()
                || !invoice.taxes().isEmpty()
                || !invoice.payments().isEmpty();
        if (more) {
            sums.add(new Sum("", "Usage", "", amount(invoice.subtotal())));
        }
        invoice.terms().forEach(term -> sums.add(entry(term, invoice.days())));
        if (!invoice.taxes().isEmpty()) {
            sums.add(new Sum("strong", "Net", "", amount(invoice.net())));
            String label = invoice.seller().flatMap(PartyDocument::vatId).isPresent() ? "VAT " : "Tax ";
            invoice.taxes().forEach(tax -> sums.add(tax(label, tax)));
        }
        if (!invoice.payments().isEmpty()) {
            sums.add(new Sum("strong", "Total", "", amount(invoice.total())));
            invoice.payments().forEach(payment -> sums.add(entry(payment, invoice.days())));
        }
        sums.add(
                new Sum("strong last", dueLabel(invoice) + " (" + invoice.currency() + ")", "", amount(invoice.due())));
        return List.copyOf(sums);
    }

    private static String dueLabel(InvoiceContent invoice) {
        return invoice.correction().filter(Correction::isCredit).isPresent() ? "Amount credited" : "Amount due";
    }

    private static Sum entry(Item term, Days all) {
        String days = term.days().equals(all) ? "" : days(term.days()) + " · ";
        return new Sum("", term.title(), days + term.explanation(), amount(term.amount()));
    }

    private static Sum tax(String label, Tax tax) {
        String percent = tax.percent().stripTrailingZeros().toPlainString() + " %";
        return new Sum(
                "",
                label + percent + " (" + tax.jurisdiction() + ", " + tax.category() + ") on " + amount(tax.taxable()),
                "",
                amount(tax.amount()));
    }

    private static String days(Days days) {
        LocalDate last = days.last();
        return days.first().equals(last) ? last.toString() : days.first() + " to " + last;
    }

    /** All of its digits, but at least those of the currency's amounts. */
    private static String price(BigDecimal price, int scale) {
        BigDecimal least = price.stripTrailingZeros();
        return amount(least.scale() < scale ? least.setScale(scale) : least);
    }

    private static String grouped(BigDecimal number) {
        BigDecimal plain = number.stripTrailingZeros();
        return amount(plain.scale() < 0 ? plain.setScale(0) : plain);
    }

    private static String amount(BigDecimal amount) {
        return String.format(Locale.ROOT, "%,." + amount.scale() + "f", amount);
    }
}
