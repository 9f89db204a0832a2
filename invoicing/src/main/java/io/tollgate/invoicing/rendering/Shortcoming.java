package io.tollgate.invoicing.rendering;

import io.tollgate.invoicing.document.PartyDocument;
import java.util.ArrayList;
import java.util.Currency;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * Something that EN 16931 requires and an invoice does not have.
 *
 * @param code stable
 * @param detail what is missing, and how to give it, for people
 */
public record Shortcoming(String code, String detail) {

    private static final Set<String> WITHOUT_SELLERS_VAT_ID = Set.of("O");
    private static final Set<String> WITH_BUYERS_VAT_ID = Set.of("AE", "K");
    private static final int MINOR_DIGITS_MAX = 2;
    private static final Set<String> COUNTRIES = Set.of(Locale.getISOCountries());
    /** Of VAT ids beside those of countries: Greece and Northern Ireland (BR-CO-09). */
    private static final Set<String> OTHER_PREFIXES = Set.of("EL", "XI");

    private static final String LATER = "; an invoice that is closed stays as it is";

    /** All of an invoice; none if it can be written as EN 16931 has it. */
    static List<Shortcoming> of(InvoiceContent invoice) {
        List<Shortcoming> all = new ArrayList<>();
        if (!invoice.isFinal()) {
            all.add(new Shortcoming("not_final", invoice.number() + " is a draft; finalise it first"));
            return all;
        }
        ofParties(invoice, all);
        if (invoice.items().isEmpty()
                && invoice.terms().stream().noneMatch(term -> term.amount().signum() > 0)) {
            all.add(new Shortcoming("no_lines", "EN 16931 has no invoice without lines (BR-16), and nothing was sold"));
        }
        if (Currency.getInstance(invoice.currency()).getDefaultFractionDigits() > MINOR_DIGITS_MAX) {
            all.add(new Shortcoming(
                    "unsupported_currency",
                    "EN 16931 has amounts of two decimals at most (BR-DEC), and " + invoice.currency()
                            + " has more; bill another currency by contract" + LATER));
        }
        return all;
    }

    private static void ofParties(InvoiceContent invoice, List<Shortcoming> all) {
        if (invoice.seller().isEmpty()
                || invoice.buyer().isEmpty()
                || invoice.taxes().isEmpty()) {
            all.add(new Shortcoming(
                    "no_seller",
                    "the contract of " + invoice.tenant()
                            + " named no issuer and buyer when this was closed: PUT /v1/issuers/{name}, then publish a"
                            + " contract with `issuer` and `billTo`" + LATER));
            return;
        }
        if (invoice.taxes().size() > 1) {
            all.add(
                    new Shortcoming(
                            "several_tax_rates",
                            "the note changes the rate of tax, and its lines cannot say whose they are; void the invoice instead"));
        }
        PartyDocument seller = invoice.seller().get();
        PartyDocument buyer = invoice.buyer().get();
        Set<String> categories = Set.copyOf(
                invoice.taxes().stream().map(InvoiceContent.Tax::category).toList());
        if (seller.vatId().isEmpty() && !WITHOUT_SELLERS_VAT_ID.containsAll(categories)) {
            all.add(new Shortcoming(
                    "no_seller_vat_id",
                    "tax of category " + String.join(", ", categories)
                            + " needs the seller's VAT id: PUT /v1/issuers/{name} with `vatId` in `seller`" + LATER));
        }
        if (buyer.vatId().isEmpty() && categories.stream().anyMatch(WITH_BUYERS_VAT_ID::contains)) {
            all.add(new Shortcoming(
                    "no_buyer_vat_id",
                    "tax of category " + String.join(", ", categories)
                            + " needs the buyer's VAT id: publish a contract with `vatId` in `billTo`" + LATER));
        }
        unknownCode("seller", seller).ifPresent(all::add);
        unknownCode("buyer", buyer).ifPresent(all::add);
    }

    private static Optional<Shortcoming> unknownCode(String who, PartyDocument party) {
        String prefix = party.vatId().map(id -> id.substring(0, 2)).orElse(party.country());
        boolean known =
                COUNTRIES.contains(party.country()) && (COUNTRIES.contains(prefix) || OTHER_PREFIXES.contains(prefix));
        return known
                ? Optional.empty()
                : Optional.of(new Shortcoming(
                        "unknown_country",
                        "the country of the " + who + " or the prefix of its VAT id is no code of ISO 3166-1: "
                                + party.country() + ", " + prefix + LATER));
    }
}
