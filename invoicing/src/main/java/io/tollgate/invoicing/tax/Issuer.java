package io.tollgate.invoicing.tax;

import java.time.LocalDate;
import java.util.Comparator;
import java.util.Currency;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * Who issues invoices: a seller, the tax that it has to charge, and the rates at which it converts currencies.
 *
 * @param name how contracts refer to it
 * @param rates in order of jurisdiction and day; at most one of a jurisdiction takes effect on a day
 * @param exchange in order of currencies and day; at most one of a pair takes effect on a day
 */
public record Issuer(String name, Party seller, List<TaxRate> rates, List<ExchangeRate> exchange) {

    private static final String REVERSE_CHARGE =
            "Reverse charge: the buyer accounts for VAT (Article 196 of Directive 2006/112/EC)";
    private static final String EXPORT = "Supplied to a buyer outside of the EU (Article 44 of Directive 2006/112/EC)";
    private static final String NOT_REGISTERED = "The seller owes no tax where the buyer is";

    public Issuer {
        if (!name.matches("[A-Za-z0-9][A-Za-z0-9._-]{0,63}")) {
            throw new IllegalArgumentException("an issuer cannot be named \"" + name + "\"");
        }
        rates = rates.stream()
                .sorted(Comparator.comparing(TaxRate::jurisdiction).thenComparing(TaxRate::effectiveFrom))
                .toList();
        exchange = exchange.stream()
                .sorted(Comparator.comparing((ExchangeRate rate) -> rate.from().getCurrencyCode())
                        .thenComparing(rate -> rate.to().getCurrencyCode())
                        .thenComparing(ExchangeRate::effectiveFrom))
                .toList();
        requireDifferent(rates, rate -> rate.jurisdiction() + " on " + rate.effectiveFrom());
        requireDifferent(exchange, rate -> rate.from() + " in " + rate.to() + " on " + rate.effectiveFrom());
    }

    private static <T> void requireDifferent(List<T> all, Function<T, String> key) {
        Set<String> keys = new HashSet<>();
        all.stream().map(key).filter(each -> !keys.add(each)).findFirst().ifPresent(twice -> {
            throw new IllegalArgumentException("two rates take effect for " + twice);
        });
    }

    /** The rate in force on a day; empty if none is known. */
    public Optional<ExchangeRate> exchangeRate(Currency from, Currency to, LocalDate day) {
        return exchange.stream()
                .filter(rate -> rate.from().equals(from)
                        && rate.to().equals(to)
                        && !rate.effectiveFrom().isAfter(day))
                .reduce((earlier, later) -> later);
    }

    /**
     * How it taxes electronic services to a buyer. They are taxed where the buyer is: at its rate; between businesses of
     * two countries of the EU by the buyer itself.
     *
     * @param taxPoint the day whose rates apply
     * @return empty if tax is due and no rate is known
     */
    public Optional<TaxTreatment> treatment(Party buyer, Optional<TaxExemption> exemption, LocalDate taxPoint) {
        if (exemption.isPresent()) {
            return Optional.of(TaxTreatment.free(
                    exemption.get().category(),
                    buyer.jurisdiction(),
                    exemption.get().reason()));
        }
        boolean abroad = !seller.country().equals(buyer.country());
        boolean withinUnion = seller.isInEuropeanUnion() && buyer.isInEuropeanUnion();
        if (abroad && withinUnion && seller.vatId().isPresent() && buyer.vatId().isPresent()) {
            return Optional.of(TaxTreatment.free(TaxCategory.AE, buyer.jurisdiction(), REVERSE_CHARGE));
        }
        Optional<TaxTreatment> charged = rate(buyer.jurisdiction(), taxPoint)
                .or(() -> rate(buyer.country(), taxPoint))
                .map(rate -> new TaxTreatment(
                        rate.percent().signum() > 0 ? TaxCategory.S : TaxCategory.Z,
                        rate.jurisdiction(),
                        rate.percent(),
                        Optional.empty()));
        if (charged.isPresent() || !abroad || withinUnion) {
            return charged;
        }
        // No rate abroad means not registered there, and so nothing to charge.
        return Optional.of(
                seller.isInEuropeanUnion()
                        ? TaxTreatment.free(TaxCategory.G, buyer.jurisdiction(), EXPORT)
                        : TaxTreatment.free(TaxCategory.O, buyer.jurisdiction(), NOT_REGISTERED));
    }

    private Optional<TaxRate> rate(String jurisdiction, LocalDate taxPoint) {
        return rates.stream()
                .filter(rate -> rate.jurisdiction().equals(jurisdiction)
                        && !rate.effectiveFrom().isAfter(taxPoint))
                .reduce((earlier, later) -> later);
    }
}
