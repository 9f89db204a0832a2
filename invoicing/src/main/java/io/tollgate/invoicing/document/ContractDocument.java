package io.tollgate.invoicing.document;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.swagger.v3.oas.annotations.media.Schema;
import io.tollgate.invoicing.contract.Bundle;
import io.tollgate.invoicing.contract.Commitment;
import io.tollgate.invoicing.contract.Contract;
import io.tollgate.invoicing.contract.Credit;
import io.tollgate.invoicing.contract.Discount;
import io.tollgate.invoicing.contract.Reservation;
import io.tollgate.invoicing.contract.SpendBound;
import io.tollgate.invoicing.contract.Term;
import io.tollgate.invoicing.money.Money;
import io.tollgate.invoicing.pricing.PriceBookDraft;
import io.tollgate.invoicing.pricing.PublicationCheck;
import io.tollgate.invoicing.pricing.RateCard;
import io.tollgate.invoicing.tax.Party;
import io.tollgate.invoicing.tax.TaxCategory;
import io.tollgate.invoicing.tax.TaxExemption;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Currency;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A contract as JSON. Amounts are strings of decimal digits in major units of its currency; days are {@code yyyy-MM-dd}
 * of its time zone, and where they end something the first day that it is no more.
 *
 * @param effectiveTo absent for no end
 * @param book name of the price book; {@code list} when absent
 * @param currency code of ISO 4217, of the invoices and of all amounts but those of prices
 * @param priceCurrency of the book and the overrides; that of the contract when absent
 * @param timeZone of the IANA database; {@code UTC} when absent
 * @param paymentTermDays after how many days an invoice is due; 30 when absent
 * @param issuer its name; without it, invoices say nothing of parties and tax
 * @param billTo who is billed; there if the issuer is
 * @param taxExemption overrules what follows from where the parties are
 * @param overrides rate cards that win over the book's, in the currency of the prices
 * @param minimumSpend per period, prorated by days
 * @param maximumSpend per period, prorated by days
 */
@Schema(name = "Contract")
public record ContractDocument(
        @JsonProperty(required = true) String tenant,
        @JsonProperty(required = true) String effectiveFrom,
        Optional<String> effectiveTo,
        Optional<String> book,
        @JsonProperty(required = true) String currency,
        Optional<String> priceCurrency,
        Optional<String> timeZone,
        Optional<Integer> paymentTermDays,
        Optional<String> issuer,
        Optional<PartyDocument> billTo,
        Optional<Exemption> taxExemption,
        Optional<List<PriceBookDocument.Card>> overrides,
        Optional<List<TermDocuments.BundleTerm>> bundles,
        Optional<List<ReservationTerm>> reservations,
        Optional<List<TermDocuments.DiscountTerm>> discounts,
        Optional<String> minimumSpend,
        Optional<String> maximumSpend,
        Optional<List<TermDocuments.CommitmentTerm>> commitments,
        Optional<List<TermDocuments.CreditTerm>> credits) {

    private static final String LIST = "list";
    private static final String UTC = "UTC";
    private static final String OVERRIDES = "overrides";
    private static final int TERM_DAYS = 30;

    /**
     * What is agreed on tax.
     *
     * @param category E, AE, K, G or O of UNCL 5305
     * @param reason why no tax is charged
     */
    @Schema(name = "TaxExemption")
    public record Exemption(
            @JsonProperty(required = true) String category,
            @JsonProperty(required = true) String reason) {}

    /** The contract as it is stored and shown. */
    public static ContractDocument of(Contract contract) {
        Optional<Contract.Billing> billing = contract.billing();
        List<PriceBookDocument.Card> cards =
                PriceBookDocument.of(contract.overrides()).cards();
        return new ContractDocument(
                contract.tenant(),
                contract.effectiveFrom().toString(),
                contract.effectiveTo().map(LocalDate::toString),
                Optional.of(contract.book()),
                contract.currency().getCurrencyCode(),
                Optional.of(contract.priceCurrency())
                        .filter(prices -> !prices.equals(contract.currency()))
                        .map(Currency::getCurrencyCode),
                Optional.of(contract.timeZone().getId()),
                Optional.of(contract.paymentTermDays()),
                billing.map(Contract.Billing::issuer),
                billing.map(Contract.Billing::buyer).map(PartyDocument::of),
                billing.flatMap(Contract.Billing::exemption)
                        .map(agreed -> new Exemption(agreed.category().name(), agreed.reason())),
                some(cards),
                some(terms(contract, Bundle.class)
                        .map(TermDocuments.BundleTerm::of)
                        .toList()),
                some(terms(contract, Reservation.class).map(ReservationTerm::of).toList()),
                some(terms(contract, Discount.class)
                        .map(TermDocuments.DiscountTerm::of)
                        .toList()),
                bound(contract, SpendBound.Kind.MINIMUM),
                bound(contract, SpendBound.Kind.MAXIMUM),
                some(terms(contract, Commitment.class)
                        .map(TermDocuments.CommitmentTerm::of)
                        .toList()),
                some(terms(contract, Credit.class)
                        .map(TermDocuments.CreditTerm::of)
                        .toList()));
    }

    /** @throws Reading.FaultsException if the document makes no sense; it tells all that is wrong, and where */
    public Contract toContract() {
        Reading reading = new Reading();
        Optional<Contract> contract = read(reading);
        reading.requireNoFaults();
        return contract.orElseThrow();
    }

    private Optional<Contract> read(Reading reading) {
        Optional<LocalDate> from = reading.at("/effectiveFrom", () -> Reading.day(effectiveFrom, "effectiveFrom"));
        Optional<LocalDate> to =
                effectiveTo.flatMap(day -> reading.at("/effectiveTo", () -> Reading.day(day, "effectiveTo")));
        Optional<Currency> billed =
                reading.at("/currency", () -> PriceBookDocument.currency(Reading.required(currency, "currency")));
        Optional<Currency> priced = priceCurrency.isPresent()
                ? reading.at("/priceCurrency", () -> PriceBookDocument.currency(priceCurrency.get()))
                : billed;
        Optional<ZoneId> zone = reading.at("/timeZone", () -> zone(timeZone.orElse(UTC)));
        Optional<Contract.Billing> billing = billing(reading);
        List<Term> terms = billed.map(money -> terms(reading, money)).orElse(List.of());
        if (from.isEmpty() || billed.isEmpty() || priced.isEmpty() || zone.isEmpty()) {
            return Optional.empty();
        }
        Optional<PriceBookDraft> cards = overrides(reading, from.get(), zone.get(), priced.get());
        return cards.flatMap(own -> reading.at(
                "",
                () -> new Contract(
                        Reading.required(tenant, "tenant"),
                        from.get(),
                        to,
                        book.orElse(LIST),
                        billed.get(),
                        priced.get(),
                        zone.get(),
                        paymentTermDays.orElse(TERM_DAYS),
                        billing,
                        own,
                        terms)));
    }

    private Optional<Contract.Billing> billing(Reading reading) {
        if (issuer.isPresent() != billTo.isPresent()) {
            reading.fault(
                    "issuer_without_buyer",
                    issuer.isPresent() ? "/billTo" : "/issuer",
                    "issuer and billTo come together: an invoice has both a seller and a buyer");
            return Optional.empty();
        }
        if (taxExemption.isPresent() && issuer.isEmpty()) {
            reading.fault("issuer_without_buyer", "/issuer", "an exemption from tax needs an issuer that taxes");
        }
        Optional<TaxExemption> exemption =
                taxExemption.flatMap(agreed -> reading.at("/taxExemption", () -> exemption(agreed)));
        Optional<Party> buyer = billTo.flatMap(party -> reading.at("/billTo", party::toParty));
        return buyer.flatMap(party -> issuer.map(by -> new Contract.Billing(by, party, exemption)));
    }

    private static TaxExemption exemption(Exemption agreed) {
        TaxCategory category = TaxCategory.coded(Reading.required(agreed.category(), "category"))
                .orElseThrow(() -> new IllegalArgumentException(
                        "there is no tax category \"" + agreed.category() + "\"; there is E, AE, K, G and O"));
        return new TaxExemption(category, Reading.required(agreed.reason(), "reason"));
    }

    private List<Term> terms(Reading reading, Currency money) {
        List<Term> terms = new ArrayList<>();
        terms.addAll(reading.each("/bundles", bundles, term -> term.toTerm(money)));
        terms.addAll(reading.each("/reservations", reservations, term -> term.toTerm(money)));
        terms.addAll(reading.each("/discounts", discounts, term -> term.toTerm(money)));
        terms.addAll(reading.each("/commitments", commitments, term -> term.toTerm(money)));
        terms.addAll(reading.each("/credits", credits, term -> term.toTerm(money)));
        Optional<Money> least = bound(reading, "minimumSpend", minimumSpend, money);
        Optional<Money> most = bound(reading, "maximumSpend", maximumSpend, money);
        least.ifPresent(amount -> terms.add(new SpendBound(SpendBound.Kind.MINIMUM, amount)));
        most.ifPresent(amount -> terms.add(new SpendBound(SpendBound.Kind.MAXIMUM, amount)));
        if (least.isPresent() && most.isPresent() && least.get().compareTo(most.get()) > 0) {
            reading.fault(
                    "minimum_exceeds_maximum",
                    "/minimumSpend",
                    "a minimum of " + least.get() + " exceeds the maximum of " + most.get());
        }
        return terms;
    }

    private static Optional<Money> bound(Reading reading, String name, Optional<String> text, Currency money) {
        return text.flatMap(amount -> reading.at("/" + name, () -> new Money(Reading.decimal(amount, name), money)));
    }

    /** Checked like a price book: nothing is left for the day of billing. */
    private Optional<PriceBookDraft> overrides(Reading reading, LocalDate from, ZoneId zone, Currency prices) {
        Instant start = from.atStartOfDay(zone).toInstant();
        List<RateCard> cards = reading.each(
                "/overrides",
                overrides,
                card -> new PriceBookDocument(OVERRIDES, prices.getCurrencyCode(), start, List.of(card))
                        .toDraft()
                        .cards()
                        .get(0));
        Optional<PriceBookDraft> draft =
                reading.at("/overrides", () -> new PriceBookDraft(OVERRIDES, prices, start, cards));
        draft.map(PublicationCheck::refusals)
                .orElse(List.of())
                .forEach(refusal -> reading.fault(refusal.code(), "/overrides", refusal.detail()));
        return draft;
    }

    /** Names alone: an offset could not follow its country's law. */
    private static ZoneId zone(String id) {
        if (!ZoneId.getAvailableZoneIds().contains(id) || id.startsWith("SystemV")) {
            throw new IllegalArgumentException("\"" + id + "\" is not a time zone of the IANA database");
        }
        return ZoneId.of(id);
    }

    private static <T extends Term> Stream<T> terms(Contract contract, Class<T> kind) {
        return contract.terms().stream().filter(kind::isInstance).map(kind::cast);
    }

    private static Optional<String> bound(Contract contract, SpendBound.Kind kind) {
        return terms(contract, SpendBound.class)
                .filter(bound -> bound.kind() == kind)
                .map(bound -> bound.amount().digits())
                .findFirst();
    }

    private static <T> Optional<List<T>> some(List<T> list) {
        return list.isEmpty() ? Optional.empty() : Optional.of(list);
    }
}
