package io.tollgate.invoicing.invoice;

import static io.tollgate.invoicing.Fixtures.AFTER;
import static io.tollgate.invoicing.Fixtures.BEGINNING;
import static io.tollgate.invoicing.Fixtures.NOVEMBER;
import static io.tollgate.invoicing.Fixtures.USD;
import static io.tollgate.invoicing.Fixtures.book;
import static io.tollgate.invoicing.Fixtures.card;
import static io.tollgate.invoicing.Fixtures.gpt4oCard;
import static io.tollgate.invoicing.Fixtures.history;
import static io.tollgate.invoicing.Fixtures.match;
import static io.tollgate.invoicing.Fixtures.product;
import static org.assertj.core.api.Assertions.assertThat;

import io.tollgate.invoicing.money.Money;
import io.tollgate.invoicing.pricing.PriceBookDraft;
import io.tollgate.invoicing.pricing.PriceHistory;
import io.tollgate.invoicing.pricing.UnitPrice;
import io.tollgate.invoicing.usage.Evidence;
import io.tollgate.invoicing.usage.TimeRange;
import io.tollgate.invoicing.usage.UsageTotal;
import io.tollgate.invoicing.usage.Window;
import io.tollgate.schemas.Digest;
import java.math.BigInteger;
import java.time.Instant;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** Laws that hold for any usage. Each property is driven by a seed, which jqwik prints when it fails. */
class InvoiceLawsTest {

    private static final BillingPeriod PERIOD = BillingPeriod.of(YearMonth.of(2023, 11));
    private static final Instant CHANGE = Instant.parse("2023-11-16T12:30:00Z");

    /** Cards that change and overlap, in two versions of the book; {@code images} has no price on some days. */
    private static final PriceHistory PRICES = history(
            book(
                    gpt4oCard(),
                    card(match(), Map.of("requests", UnitPrice.of("0.000123", 1)), BEGINNING, Optional.of(CHANGE)),
                    card(match(), Map.of("requests", UnitPrice.of("0.0007", 1)), CHANGE, Optional.empty()),
                    card(match("provider", "xai"), Map.of("input_tokens", UnitPrice.of("0.333", 1000)))),
            new PriceBookDraft(
                    "list",
                    USD,
                    Instant.parse("2023-11-20T00:00:00Z"),
                    List.of(
                            gpt4oCard(),
                            card(match(), Map.of("requests", UnitPrice.of("0.0007", 1))),
                            card(match(), Map.of("images", UnitPrice.of("0.04", 1))),
                            card(match("provider", "xai"), Map.of("input_tokens", UnitPrice.of("0.2", 1024))))));

    @Property(tries = 200)
    void cuttingAPeriodMoreFinelyChangesNothing(@ForAll long seed) {
        Random random = new Random(seed);
        List<UsageTotal> windows = windows(random);

        Invoice coarse = invoice(summed(windows, PRICES.cut(NOVEMBER)));
        Set<Instant> cuts = new TreeSet<>();
        PRICES.cut(NOVEMBER).forEach(piece -> cuts.add(piece.from()));
        for (int i = 0; i < 12; i++) {
            cuts.add(window(random).from());
        }
        Invoice fine = invoice(summed(windows, NOVEMBER.cutAt(cuts)));

        assertThat(fine).isEqualTo(coarse);
        assertThat(invoice(windows)).isEqualTo(coarse);
    }

    @Property(tries = 200)
    void theOrderOfUsageChangesNothing(@ForAll long seed) {
        Random random = new Random(seed);
        List<UsageTotal> usage = windows(random);
        Invoice invoice = invoice(usage);

        List<UsageTotal> shuffled = new ArrayList<>(usage);
        Collections.shuffle(shuffled, random);

        assertThat(invoice(shuffled)).isEqualTo(invoice);
    }

    @Property(tries = 200)
    void shownLinesAddUpToTheSubtotalAndExactOnesToTheExactSum(@ForAll long seed) {
        Invoice invoice = invoice(windows(new Random(seed)));

        assertThat(Money.sum(
                        invoice.lines().stream().map(InvoiceLine::shownAmount).toList(), USD))
                .isEqualTo(invoice.subtotal());
        assertThat(invoice.exactSum().rounded()).isEqualTo(invoice.subtotal());
        assertThat(invoice.lines()).allSatisfy(line -> {
            assertThat(line.shownAmount().isRounded()).isTrue();
            assertThat(line.exactAmount()).isEqualTo(line.price().of(line.stretch()));
        });
    }

    @Property(tries = 200)
    void anInvoiceIsClosedExactlyIfAllIsPricedAndNoLineIsBelowZero(@ForAll long seed) {
        Invoice invoice = invoice(windows(new Random(seed)));
        boolean clean = invoice.unbilled().isEmpty()
                && invoice.lines().stream().allMatch(line -> line.quantity().signum() > 0);

        assertThat(Closing.of(invoice, List.of(), AFTER) instanceof Closing.Closed)
                .isEqualTo(clean && invoice.evidence().eventCount() > 0);
        assertThat(invoice.exceptions().isEmpty()).isEqualTo(clean);
    }

    @Property(tries = 200)
    void everyUnitIsOnALineOrOnTheExceptionList(@ForAll long seed) {
        List<UsageTotal> usage = windows(new Random(seed));
        Invoice invoice = invoice(usage);

        for (String meter : List.of("input_tokens", "output_tokens", "requests", "images")) {
            BigInteger used = sum(usage.stream()
                    .map(total -> total.quantities().getOrDefault(meter, BigInteger.ZERO))
                    .toList());
            BigInteger billed = sum(invoice.lines().stream()
                    .filter(line -> line.meter().equals(meter))
                    .map(InvoiceLine::quantity)
                    .toList());
            BigInteger unbilled = sum(invoice.unbilled().stream()
                    .filter(exception -> exception.meter().equals(meter))
                    .map(exception -> exception.quantity())
                    .toList());
            assertThat(billed.add(unbilled)).isEqualTo(used);
        }
        assertThat(invoice.evidence()).isEqualTo(Evidence.of(usage));
    }

    private static Invoice invoice(List<UsageTotal> usage) {
        return InvoiceCalculator.draft("acme", PERIOD, usage, PRICES, AFTER);
    }

    /** Rollups of single windows, some with reversals. */
    private static List<UsageTotal> windows(Random random) {
        List<UsageTotal> windows = new ArrayList<>();
        int count = random.nextInt(60);
        for (int i = 0; i < count; i++) {
            Map<String, BigInteger> quantities = new TreeMap<>();
            for (String meter : List.of("input_tokens", "output_tokens", "requests", "images")) {
                if (random.nextBoolean()) {
                    quantities.put(meter, BigInteger.valueOf(random.nextInt(200_000) - 20_000L));
                }
            }
            windows.add(new UsageTotal(
                    window(random),
                    "acme",
                    "project-" + random.nextInt(3),
                    random.nextBoolean() ? product("openai", "gpt-4o") : product("xai", "grok-" + random.nextInt(2)),
                    quantities,
                    1 + random.nextInt(9),
                    new Digest(random.nextLong(), random.nextLong())));
        }
        return windows;
    }

    private static TimeRange window(Random random) {
        Instant start = NOVEMBER.from().plusSeconds(Window.SECONDS * random.nextInt(30 * 96));
        return new TimeRange(start, start.plusSeconds(Window.SECONDS));
    }

    /** What a reader would answer for these slices: one total per slice and product, projects not told apart. */
    private static List<UsageTotal> summed(List<UsageTotal> windows, List<TimeRange> slices) {
        List<UsageTotal> totals = new ArrayList<>();
        for (TimeRange slice : slices) {
            windows.stream()
                    .filter(window -> slice.contains(window.range()))
                    .map(UsageTotal::product)
                    .distinct()
                    .forEach(product -> {
                        List<UsageTotal> parts = windows.stream()
                                .filter(window -> slice.contains(window.range())
                                        && window.product().equals(product))
                                .toList();
                        Map<String, BigInteger> quantities = new TreeMap<>();
                        parts.forEach(part -> part.quantities()
                                .forEach((meter, quantity) -> quantities.merge(meter, quantity, BigInteger::add)));
                        Evidence evidence = Evidence.of(parts);
                        totals.add(new UsageTotal(
                                slice, "acme", "", product, quantities, evidence.eventCount(), evidence.digest()));
                    });
        }
        return totals;
    }

    private static BigInteger sum(List<BigInteger> quantities) {
        return quantities.stream().reduce(BigInteger.ZERO, BigInteger::add);
    }
}
