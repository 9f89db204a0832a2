package io.tollgate.invoicing.cost;

import static io.tollgate.invoicing.Contracts.NOVEMBER;
import static io.tollgate.invoicing.Contracts.history;
import static io.tollgate.invoicing.Fixtures.book;
import static io.tollgate.invoicing.Fixtures.card;
import static io.tollgate.invoicing.Fixtures.gpt4oCard;
import static io.tollgate.invoicing.Fixtures.match;
import static io.tollgate.invoicing.Fixtures.product;

import io.tollgate.invoicing.Contracts;
import io.tollgate.invoicing.Fixtures;
import io.tollgate.invoicing.GeneratedContracts;
import io.tollgate.invoicing.contract.ContractHistory;
import io.tollgate.invoicing.contract.ContractPrices;
import io.tollgate.invoicing.invoice.BillingPeriod;
import io.tollgate.invoicing.invoice.Invoice;
import io.tollgate.invoicing.invoice.InvoiceCalculator;
import io.tollgate.invoicing.pricing.PriceHistory;
import io.tollgate.invoicing.pricing.RandomPrices;
import io.tollgate.invoicing.pricing.UnitPrice;
import io.tollgate.invoicing.rating.Rating;
import io.tollgate.invoicing.terms.Agreement;
import io.tollgate.invoicing.terms.Balances;
import io.tollgate.invoicing.usage.TimeRange;
import io.tollgate.invoicing.usage.UsageTotal;
import io.tollgate.invoicing.usage.Window;
import io.tollgate.schemas.Digest;
import java.math.BigInteger;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Some contract's November 2023. Its usage is small, enormous, nothing at all or taken back, at prices from
 * hundreds for a unit to a millionth for a million.
 */
public record GeneratedMonth(ContractHistory contracts, List<UsageTotal> usage, PriceHistory list) {

    private static final long BILLION = 1_000_000_000L;

    public static GeneratedMonth of(Random random) {
        ContractHistory contracts = history(GeneratedContracts.contract(random, "openai"));
        BillingPeriod period = BillingPeriod.of(NOVEMBER, contracts);
        return new GeneratedMonth(
                contracts,
                usage(random, period.range()),
                Fixtures.history(book(
                        gpt4oCard(),
                        card(
                                match(),
                                Map.of(
                                        "requests", UnitPrice.of("0.000123", 1),
                                        "images", UnitPrice.of("0.000001", 1_000_000),
                                        "audio_ms", UnitPrice.of("0", 1))),
                        card(match("provider", "xai"), Map.of("input_tokens", UnitPrice.of("0.333", 1000))),
                        card(match("provider", "mistral"), "input_tokens", RandomPrices.terms(random)))));
    }

    public BillingPeriod period() {
        return BillingPeriod.of(NOVEMBER, contracts);
    }

    private ContractPrices prices() {
        return new ContractPrices(contracts, NOVEMBER, Map.of("list", list), Optional.of(list));
    }

    private Optional<Agreement> agreement() {
        return Optional.of(
                new Agreement(contracts, Map.of("nordic", Contracts.NORDIC), Balances.NONE, Optional.empty()));
    }

    public Rating rating() {
        return InvoiceCalculator.rate("acme", period(), usage, prices(), agreement());
    }

    public Invoice invoice() {
        return InvoiceCalculator.draft("acme", period(), rating(), prices(), agreement(), Fixtures.AFTER);
    }

    public Itemising itemising() {
        return new Itemising("acme", period(), prices(), list, agreement());
    }

    public List<CostItem> items() {
        return itemising().items(invoice(), rating());
    }

    /** Of single windows, some taken back again. */
    public static List<UsageTotal> usage(Random random, TimeRange range) {
        List<UsageTotal> windows = new ArrayList<>();
        for (int i = random.nextInt(40); i > 0; i--) {
            Map<String, BigInteger> quantities = new TreeMap<>();
            quantities.put("input_tokens", quantity(random));
            quantities.put("requests", BigInteger.valueOf(random.nextInt(20_000)));
            if (random.nextInt(4) == 0) {
                quantities.put("images", quantity(random));
                quantities.put("audio_ms", quantity(random));
            }
            Instant start = range.from().plusSeconds(Window.SECONDS * (96 + random.nextInt(26 * 96)));
            windows.add(new UsageTotal(
                    Window.at(start),
                    "acme",
                    List.of("", "blue", "red").get(random.nextInt(3)),
                    random.nextBoolean() ? new TreeMap<>() : new TreeMap<>(Map.of("team", "t" + random.nextInt(2))),
                    switch (random.nextInt(5)) {
                        case 0, 1 -> product("openai", "gpt-4o");
                        case 2 -> product("mistral", "large");
                        default -> product("xai", "grok-" + random.nextInt(2));
                    },
                    new TreeMap<>(quantities),
                    1 + random.nextInt(9),
                    new Digest(random.nextLong(), random.nextLong()),
                    new TreeSet<>(),
                    new TreeMap<>()));
        }
        return windows;
    }

    private static BigInteger quantity(Random random) {
        BigInteger small = BigInteger.valueOf(random.nextInt(400_000) - 20_000);
        return switch (random.nextInt(20)) {
            case 0 -> BigInteger.ZERO;
            case 1 -> small.multiply(BigInteger.valueOf(BILLION)).add(BigInteger.valueOf(random.nextInt(1_000)));
            default -> small;
        };
    }
}
