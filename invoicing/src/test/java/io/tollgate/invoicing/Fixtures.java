package io.tollgate.invoicing;

import io.tollgate.invoicing.pricing.Match;
import io.tollgate.invoicing.pricing.MeterPrice;
import io.tollgate.invoicing.pricing.Price;
import io.tollgate.invoicing.pricing.PriceBook;
import io.tollgate.invoicing.pricing.PriceBookDraft;
import io.tollgate.invoicing.pricing.PriceHistory;
import io.tollgate.invoicing.pricing.ProductDimension;
import io.tollgate.invoicing.pricing.RateCard;
import io.tollgate.invoicing.pricing.UnitPrice;
import io.tollgate.invoicing.usage.Product;
import io.tollgate.invoicing.usage.TimeRange;
import io.tollgate.invoicing.usage.UsageTotal;
import io.tollgate.schemas.Digest;
import java.math.BigInteger;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Currency;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** Usage and prices to test with. */
public final class Fixtures {

    public static final Currency USD = Currency.getInstance("USD");
    public static final Instant BEGINNING = Instant.parse("2020-01-01T00:00:00Z");
    public static final TimeRange NOVEMBER =
            new TimeRange(Instant.parse("2023-11-01T00:00:00Z"), Instant.parse("2023-12-01T00:00:00Z"));
    public static final Instant AFTER = Instant.parse("2023-12-02T08:00:00Z");

    private Fixtures() {}

    public static Product product(String provider, String model) {
        return new Product(provider, model, "nvidia-h100", "", "chat", "standard", "success", 0);
    }

    public static Product gpt4o() {
        return product("openai", "gpt-4o");
    }

    public static UsageTotal usage(TimeRange range, String tenant, Product product, Map<String, Long> quantities) {
        Map<String, BigInteger> exact = new TreeMap<>();
        quantities.forEach((meter, quantity) -> exact.put(meter, BigInteger.valueOf(quantity)));
        return new UsageTotal(range, tenant, "", product, exact, 1, new Digest(0, 1));
    }

    public static Match match(String... namesAndValues) {
        Map<ProductDimension, String> named = new TreeMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            named.put(ProductDimension.labelled(namesAndValues[i]).orElseThrow(), namesAndValues[i + 1]);
        }
        return Match.of(named);
    }

    /** A card from the beginning, without end. */
    public static RateCard card(Match match, Map<String, ? extends Price> prices) {
        return card(match, prices, BEGINNING, Optional.empty());
    }

    public static RateCard card(Match match, Map<String, ? extends Price> prices, Instant from, Optional<Instant> to) {
        SortedMap<String, MeterPrice> alone = new TreeMap<>();
        prices.forEach((meter, price) -> alone.put(meter, MeterPrice.of(price)));
        return new RateCard(match + " from " + from, match, alone, from, to);
    }

    /** A card of one meter, from the beginning, without end. */
    public static RateCard card(Match match, String meter, MeterPrice price) {
        return new RateCard(
                match + " for " + meter, match, new TreeMap<>(Map.of(meter, price)), BEGINNING, Optional.empty());
    }

    public static PriceBookDraft book(RateCard... cards) {
        return new PriceBookDraft("list", USD, BEGINNING, List.of(cards));
    }

    public static PriceHistory history(PriceBookDraft... versions) {
        List<PriceBook> published = new ArrayList<>();
        for (PriceBookDraft version : versions) {
            published.add(version.published(published.size() + 1));
        }
        return new PriceHistory(published);
    }

    /** The card of the reference case: 2.50 and 10.00 USD per million tokens. */
    public static RateCard gpt4oCard() {
        return card(
                match("provider", "openai", "model", "gpt-4o"),
                Map.of(
                        "input_tokens", UnitPrice.of("2.50", 1_000_000),
                        "output_tokens", UnitPrice.of("10.00", 1_000_000)));
    }
}
