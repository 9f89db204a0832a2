package io.tollgate.invoicing.invoice;

import static io.tollgate.invoicing.Fixtures.AFTER;
import static io.tollgate.invoicing.Fixtures.BEGINNING;
import static io.tollgate.invoicing.Fixtures.NOVEMBER;
import static io.tollgate.invoicing.Fixtures.USD;
import static io.tollgate.invoicing.Fixtures.history;
import static io.tollgate.invoicing.Fixtures.match;
import static io.tollgate.invoicing.Fixtures.product;
import static org.assertj.core.api.Assertions.assertThat;

import io.tollgate.invoicing.money.Money;
import io.tollgate.invoicing.pricing.MeterPrice;
import io.tollgate.invoicing.pricing.PriceBookDraft;
import io.tollgate.invoicing.pricing.PriceHistory;
import io.tollgate.invoicing.pricing.RandomPrices;
import io.tollgate.invoicing.pricing.RateCard;
import io.tollgate.invoicing.rating.Rating;
import io.tollgate.invoicing.usage.TimeRange;
import io.tollgate.invoicing.usage.UsageTotal;
import io.tollgate.invoicing.usage.Window;
import io.tollgate.schemas.Digest;
import java.math.BigInteger;
import java.time.Instant;
import java.time.YearMonth;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** Laws of prices that count, for any book and usage. Each is driven by a seed, which jqwik prints when it fails. */
class CountingLawsTest {

    private static final BillingPeriod PERIOD = BillingPeriod.of(YearMonth.of(2023, 11));
    private static final Instant CHANGE = Instant.parse("2023-11-16T12:30:00Z");
    private static final List<String> METERS = List.of("input_tokens", "output_tokens", "requests");

    @Property(tries = 200)
    void neitherOrderNorCutsOfUsageChangeAnInvoice(@ForAll long seed) {
        Random random = new Random(seed);
        PriceHistory prices = prices(random, random.nextBoolean());
        List<UsageTotal> windows = windows(random, 10_000);
        List<UsageTotal> shuffled = new ArrayList<>(windows);
        Collections.shuffle(shuffled, random);

        Invoice invoice = invoice(windows, prices);

        assertThat(invoice(shuffled, prices)).isEqualTo(invoice);
        assertThat(invoice(summed(windows, prices.cut(NOVEMBER)), prices)).isEqualTo(invoice);
    }

    /** However the month is cut into ranges that are asked for one by one. */
    @Property(tries = 200)
    void ratingOfAllPartsOfAMonthAddsUpToItsInvoice(@ForAll long seed) {
        Random random = new Random(seed);
        PriceHistory prices = prices(random, random.nextBoolean());
        List<UsageTotal> windows = windows(random, 10_000);
        List<Instant> cuts = List.of(
                window(random).from(), window(random).from(), window(random).from());

        Money sum = Money.zero(USD);
        for (TimeRange part : NOVEMBER.cutAt(cuts)) {
            sum = sum.plus(Rating.of(windows, prices, part, List.of(NOVEMBER)).total());
        }

        assertThat(sum).isEqualTo(invoice(windows, prices).exactSum());
    }

    @Property(tries = 200)
    void linesAndTheirArithmeticAddUp(@ForAll long seed) {
        Random random = new Random(seed);
        PriceHistory prices = prices(random, random.nextBoolean());
        Invoice invoice = invoice(windows(random, 10_000), prices);

        assertThat(Money.sum(
                        invoice.lines().stream().map(InvoiceLine::shownAmount).toList(), USD))
                .isEqualTo(invoice.subtotal());
        assertThat(invoice.lines())
                .allSatisfy(line -> assertThat(Money.sum(
                                line.charges().stream()
                                        .map(charge -> new Money(charge.amount(), USD))
                                        .toList(),
                                USD))
                        .isEqualTo(line.exactAmount()));
    }

    @Property(tries = 200)
    void aVersionThatSaysTheSameCostsTheSame(@ForAll long seed) {
        Random random = new Random(seed);
        PriceHistory once = prices(random, false);
        PriceHistory again = new PriceHistory(List.of(
                once.version(1).orElseThrow(),
                new PriceBookDraft(
                                "list",
                                USD,
                                CHANGE,
                                once.version(1).orElseThrow().cards())
                        .published(2)));
        List<UsageTotal> windows = windows(random, 10_000);

        assertThat(invoice(windows, again).exactSum())
                .isEqualTo(invoice(windows, once).exactSum());
    }

    @Property(tries = 200)
    void withoutReversalsNoLineIsBelowZero(@ForAll long seed) {
        Random random = new Random(seed);
        PriceHistory prices = prices(random, false);

        assertThat(invoice(windows(random, 0), prices).lines())
                .allSatisfy(line -> assertThat(line.exactAmount().amount()).isNotNegative());
    }

    private static Invoice invoice(List<UsageTotal> usage, PriceHistory prices) {
        return InvoiceCalculator.draft("acme", PERIOD, usage, prices, AFTER);
    }

    private static PriceHistory prices(Random random, boolean change) {
        List<PriceBookDraft> versions = new ArrayList<>(List.of(book(random, BEGINNING)));
        if (change) {
            versions.add(book(random, CHANGE));
        }
        return history(versions.toArray(PriceBookDraft[]::new));
    }

    private static PriceBookDraft book(Random random, Instant from) {
        List<RateCard> cards = new ArrayList<>();
        for (String provider : List.of("openai", "xai")) {
            SortedMap<String, MeterPrice> prices = new TreeMap<>();
            METERS.forEach(meter -> prices.put(meter, RandomPrices.terms(random)));
            cards.add(new RateCard(provider, match("provider", provider), prices, BEGINNING, Optional.empty()));
        }
        return new PriceBookDraft("list", USD, from, cards);
    }

    /** Rollups of single windows. */
    private static List<UsageTotal> windows(Random random, int takenBack) {
        List<UsageTotal> windows = new ArrayList<>();
        int count = random.nextInt(20);
        for (int i = 0; i < count; i++) {
            Map<String, BigInteger> quantities = new TreeMap<>();
            for (String meter : METERS) {
                if (random.nextBoolean()) {
                    quantities.put(meter, BigInteger.valueOf(1 + random.nextInt(4_000)));
                }
                if (takenBack > 0 && random.nextInt(5) == 0) {
                    quantities.put(meter, BigInteger.valueOf(-1 - random.nextInt(takenBack)));
                }
            }
            windows.add(new UsageTotal(
                    window(random),
                    "acme",
                    "project-" + random.nextInt(3),
                    random.nextBoolean() ? product("openai", "gpt-4o") : product("xai", "grok-" + random.nextInt(2)),
                    quantities,
                    1,
                    new Digest(random.nextLong(), random.nextLong())));
        }
        return windows;
    }

    private static TimeRange window(Random random) {
        Instant start = NOVEMBER.from().plusSeconds(Window.SECONDS * random.nextInt(30 * 96));
        return new TimeRange(start, start.plus(Window.SECONDS, ChronoUnit.SECONDS));
    }

    /** What a reader would answer for these slices: projects not told apart, and meters that net to zero left out. */
    private static List<UsageTotal> summed(List<UsageTotal> windows, List<TimeRange> slices) {
        List<UsageTotal> totals = new ArrayList<>();
        for (TimeRange slice : slices) {
            windows.stream().map(UsageTotal::product).distinct().forEach(product -> {
                Map<String, BigInteger> quantities = new TreeMap<>();
                long events = 0;
                Digest digest = Digest.ZERO;
                for (UsageTotal window : windows) {
                    if (slice.contains(window.range()) && window.product().equals(product)) {
                        window.quantities()
                                .forEach((meter, quantity) -> quantities.merge(meter, quantity, BigInteger::add));
                        events += window.eventCount();
                        digest = digest.plus(window.digest());
                    }
                }
                quantities.values().removeIf(quantity -> quantity.signum() == 0);
                totals.add(new UsageTotal(slice, "acme", "", product, quantities, events, digest));
            });
        }
        return totals;
    }
}
