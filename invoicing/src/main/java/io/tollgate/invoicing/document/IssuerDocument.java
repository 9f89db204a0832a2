package io.tollgate.invoicing.document;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.swagger.v3.oas.annotations.media.Schema;
import io.tollgate.invoicing.tax.ExchangeRate;
import io.tollgate.invoicing.tax.Issuer;
import io.tollgate.invoicing.tax.Party;
import io.tollgate.invoicing.tax.TaxRate;
import java.util.List;
import java.util.Optional;

/**
 * An issuer as JSON. Rates are strings of decimal digits, days are {@code yyyy-MM-dd}.
 *
 * @param name in a request, that of its path if absent
 */
@Schema(name = "Issuer")
public record IssuerDocument(
        Optional<String> name,
        @JsonProperty(required = true) PartyDocument seller,
        Optional<List<Tax>> taxRates,
        Optional<List<Exchange>> exchangeRates) {

    /**
     * A rate of tax, until a later one takes effect.
     *
     * @param jurisdiction {@code SE}, or {@code US-CA}
     */
    @Schema(name = "TaxRate")
    public record Tax(
            @JsonProperty(required = true) String jurisdiction,
            @JsonProperty(required = true) String percent,
            @JsonProperty(required = true) String effectiveFrom) {}

    /**
     * What one unit of a currency is in another, until a later rate takes effect.
     *
     * @param source who says so
     */
    @Schema(name = "ExchangeRate")
    public record Exchange(
            @JsonProperty(required = true) String from,
            @JsonProperty(required = true) String to,
            @JsonProperty(required = true) String rate,
            @JsonProperty(required = true) String source,
            @JsonProperty(required = true) String effectiveFrom) {

        public static Exchange of(ExchangeRate rate) {
            return new Exchange(
                    rate.from().getCurrencyCode(),
                    rate.to().getCurrencyCode(),
                    rate.rate().toPlainString(),
                    rate.source(),
                    rate.effectiveFrom().toString());
        }
    }

    public static IssuerDocument of(Issuer issuer) {
        return new IssuerDocument(
                Optional.of(issuer.name()),
                PartyDocument.of(issuer.seller()),
                Optional.of(issuer.rates().stream()
                        .map(rate -> new Tax(
                                rate.jurisdiction(),
                                rate.percent().toPlainString(),
                                rate.effectiveFrom().toString()))
                        .toList()),
                Optional.of(issuer.exchange().stream().map(Exchange::of).toList()));
    }

    /** @throws Reading.FaultsException if the document makes no sense */
    public Issuer toIssuer() {
        Reading reading = new Reading();
        Optional<Issuer> issuer = read(reading);
        reading.requireNoFaults();
        return issuer.orElseThrow();
    }

    private Optional<Issuer> read(Reading reading) {
        Optional<Party> party =
                reading.at("/seller", () -> Reading.required(seller, "seller").toParty());
        List<TaxRate> taxes = reading.each(
                "/taxRates",
                taxRates,
                rate -> new TaxRate(
                        Reading.required(rate.jurisdiction(), "jurisdiction"),
                        Reading.decimal(rate.percent(), "percent"),
                        Reading.day(rate.effectiveFrom(), "effectiveFrom")));
        List<ExchangeRate> exchange = reading.each(
                "/exchangeRates",
                exchangeRates,
                rate -> new ExchangeRate(
                        PriceBookDocument.currency(Reading.required(rate.from(), "from")),
                        PriceBookDocument.currency(Reading.required(rate.to(), "to")),
                        Reading.decimal(rate.rate(), "rate"),
                        Reading.required(rate.source(), "source"),
                        Reading.day(rate.effectiveFrom(), "effectiveFrom")));
        return party.flatMap(by -> reading.at("", () -> new Issuer(name.orElse(""), by, taxes, exchange)));
    }
}
