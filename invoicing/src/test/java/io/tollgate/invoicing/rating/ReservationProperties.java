package io.tollgate.invoicing.rating;

import static io.tollgate.invoicing.Contracts.acme;
import static io.tollgate.invoicing.Contracts.acmeFrom;
import static io.tollgate.invoicing.Contracts.history;
import static io.tollgate.invoicing.Contracts.invoice;
import static io.tollgate.invoicing.Fixtures.NOVEMBER;
import static io.tollgate.invoicing.Fixtures.USD;
import static io.tollgate.invoicing.Fixtures.book;
import static io.tollgate.invoicing.Fixtures.card;
import static io.tollgate.invoicing.Fixtures.match;
import static io.tollgate.invoicing.Fixtures.product;
import static org.assertj.core.api.Assertions.assertThat;

import io.tollgate.invoicing.Contracts;
import io.tollgate.invoicing.Fixtures;
import io.tollgate.invoicing.contract.Contract;
import io.tollgate.invoicing.contract.ContractHistory;
import io.tollgate.invoicing.contract.ContractPrices;
import io.tollgate.invoicing.document.CanonicalJson;
import io.tollgate.invoicing.document.InvoiceDocument;
import io.tollgate.invoicing.invoice.Invoice;
import io.tollgate.invoicing.money.Money;
import io.tollgate.invoicing.pricing.MeterPrice;
import io.tollgate.invoicing.pricing.PriceBookDraft;
import io.tollgate.invoicing.pricing.PriceHistory;
import io.tollgate.invoicing.pricing.RandomPrices;
import io.tollgate.invoicing.pricing.RateCard;
import io.tollgate.invoicing.pricing.Reserved;
import io.tollgate.invoicing.pricing.UnitPrice;
import io.tollgate.invoicing.terms.Balances;
import io.tollgate.invoicing.usage.Evidence;
import io.tollgate.invoicing.usage.Product;
import io.tollgate.invoicing.usage.TimeRange;
import io.tollgate.invoicing.usage.UsageTotal;
import io.tollgate.invoicing.usage.Window;
import io.tollgate.schemas.Digest;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** Laws of any reservations and any usage. Each property is driven by a seed, which jqwik prints when it fails. */
class ReservationProperties {

    private static final List<String> METERS = List.of("input_tokens", "output_tokens", "requests");
    private static final PriceHistory RATES = Fixtures.history(book(card(
            match(),
            Map.of(
                    "input_tokens", UnitPrice.of("2.50", 1_000_000),
                    "output_tokens", UnitPrice.of("10.00", 1_000_000),
                    "requests", UnitPrice.of("0.000123", 1)))));

    private record Use(TimeRange window, String project, Product product, String meter) {}

    @Property(tries = 500)
    void whatIsCoveredAndWhatSpillsOverIsTheUsage(@ForAll long seed) {
        Random random = new Random(seed);
        List<UsageTotal> usage = windows(random);
        Map<Use, BigInteger> used = new HashMap<>();
        usage.forEach(total -> total.quantities()
                .forEach((meter, quantity) -> used.merge(
                        new Use(total.range(), total.project(), total.product(), meter), quantity, BigInteger::add)));

        Map<Use, BigInteger> rated = new HashMap<>();
        rating(random, usage)
                .rated()
                .forEach(each -> rated.merge(
                        new Use(each.range(), each.project(), each.product(), each.meter()),
                        each.quantity(),
                        BigInteger::add));

        used.values().removeIf(quantity -> quantity.signum() == 0);
        rated.values().removeIf(quantity -> quantity.signum() == 0);
        assertThat(rated).isEqualTo(used);
    }

    @Property(tries = 500)
    void noWindowCoversMoreThanItsCapacityOrLessThanNothing(@ForAll long seed) {
        Random random = new Random(seed);
        Map<Instant, Map<Reserved, BigDecimal>> taken = new HashMap<>();
        for (RatedUsage rated : rating(random, windows(random)).rated()) {
            rated.cover().ifPresent(cover -> {
                assertThat(rated.quantity()).isPositive();
                assertThat(rated.amount()).isEqualTo(Money.zero(USD));
                BigDecimal weight =
                        cover.by().weight(rated.product(), rated.meter()).orElseThrow();
                taken.computeIfAbsent(rated.range().from(), key -> new HashMap<>())
                        .merge(cover.by(), weight.multiply(new BigDecimal(rated.quantity())), BigDecimal::add);
            });
        }
        taken.values()
                .forEach(window -> window.forEach(
                        (reserved, weighed) -> assertThat(weighed).isLessThanOrEqualTo(reserved.capacity())));
    }

    @Property(tries = 500)
    void moreUnitsNeverSpillMoreOfAnything(@ForAll long seed) {
        Random random = new Random(seed);
        List<UsageTotal> usage = windows(random);
        List<String> reservations = reservations(random);
        List<String> more = new ArrayList<>(reservations);
        int grown = random.nextInt(more.size());
        more.set(grown, more.get(grown).replaceAll("'units':[0-9]+", "'units':" + (10 + random.nextInt(50))));

        Map<Use, BigInteger> spilled = spilled(usage, history(acme(json(reservations))));
        Map<Use, BigInteger> spilledThen = spilled(usage, history(acme(json(more))));

        spilledThen.forEach((use, quantity) ->
                assertThat(quantity).isLessThanOrEqualTo(spilled.getOrDefault(use, BigInteger.ZERO)));
    }

    /** Neither order nor projects, nor cuts of usage that nothing is reserved for, change a byte. */
    @Property(tries = 300)
    void howeverUsageIsReadTheInvoiceHasTheSameBytes(@ForAll long seed) {
        Random random = new Random(seed);
        ContractHistory contracts = contracts(random);
        PriceHistory list = prices(random);
        List<UsageTotal> windows = windows(random);
        List<UsageTotal> shuffled = new ArrayList<>(windows);
        Collections.shuffle(shuffled, random);

        String bytes = bytes(invoice(contracts, list, windows));

        assertThat(bytes(invoice(contracts, list, shuffled))).isEqualTo(bytes);
        assertThat(bytes(invoice(contracts, list, asRead(windows, contracts, list))))
                .isEqualTo(bytes);
    }

    /** However the month is cut into ranges that are asked for one by one. */
    @Property(tries = 300)
    void ratingOfAllPartsOfAMonthAddsUpToItsInvoice(@ForAll long seed) {
        Random random = new Random(seed);
        ContractHistory contracts = contracts(random);
        PriceHistory list = prices(random);
        List<UsageTotal> windows = windows(random);
        ContractPrices prices =
                new ContractPrices(contracts, Contracts.NOVEMBER, Map.of("list", list), Optional.of(list));

        Money sum = Money.zero(USD);
        BigInteger quantity = BigInteger.ZERO;
        for (TimeRange part :
                NOVEMBER.cutAt(List.of(window(random).from(), window(random).from()))) {
            Rating rating = Rating.of(windows, prices, part, List.of(NOVEMBER));
            sum = sum.plus(rating.total());
            for (RatedUsage rated : rating.rated()) {
                quantity = quantity.add(rated.quantity());
            }
        }

        Invoice invoice = invoice(contracts, list, windows);
        assertThat(sum).isEqualTo(invoice.exactSum());
        assertThat(quantity)
                .isEqualTo(
                        invoice.lines().stream().map(line -> line.quantity()).reduce(BigInteger.ZERO, BigInteger::add));
    }

    @Property(tries = 200)
    void versionsThatSayTheSameCostTheSame(@ForAll long seed) {
        Random random = new Random(seed);
        List<String> reservations = reservations(random);
        PriceHistory list = prices(random);
        List<UsageTotal> windows = windows(random);
        Contract first = acme(json(reservations));
        Contract again = acmeFrom("2023-11-" + (10 + random.nextInt(20)), json(reservations));

        Invoice once = invoice(history(first), list, windows);
        Invoice split = invoice(history(first, again), list, windows);

        assertThat(split.total()).isEqualTo(once.total());
        assertThat(split.exactSum()).isEqualTo(once.exactSum());
    }

    /** Whatever zones the versions are in, and whatever begins or ends when. */
    @Property(tries = 100)
    void theHoursThatArePaidAreThoseThatAreCovered(@ForAll long seed) {
        Random random = new Random(seed);
        ContractHistory contracts = moving(random);
        ContractPrices prices = new ContractPrices(contracts, Contracts.NOVEMBER, Map.of(), Optional.of(RATES));
        Invoice invoice = invoice(contracts, Contracts.NOVEMBER, RATES, List.of(), Balances.NONE, Optional.empty());

        BigDecimal covered = BigDecimal.ZERO;
        TimeRange period = invoice.period().range();
        for (Instant at = period.from(); at.isBefore(period.to()); at = at.plusSeconds(Window.SECONDS)) {
            for (Reserved reserved : prices.reservedAt(at)) {
                covered = covered.add(reserved.capacity());
            }
        }

        // A unit costs 1.00 an hour and covers 1 of it.
        assertThat(invoice.total().amount()).isEqualByComparingTo(covered);
    }

    /** Versions that begin on the first of a month in zones of their own, with terms that end around then. */
    private static ContractHistory moving(Random random) {
        List<Contract> versions = new ArrayList<>();
        List<String> days = List.of("2023-10-01", "2023-11-01", "2023-11-01", "2023-12-01", "2023-12-01");
        for (String day : days) {
            String zone = List.of("UTC", "Asia/Tokyo", "America/New_York", "Asia/Kathmandu", "Europe/Stockholm")
                    .get(random.nextInt(5));
            String end = List.of("2023-11-29", "2023-12-01", "2023-12-02").get(random.nextInt(3));
            if (random.nextInt(3) != 0) {
                versions.add(acmeFrom(
                        day,
                        "'timeZone':'" + zone + "'"
                                + (random.nextBoolean() && end.compareTo(day) > 0 ? ",'effectiveTo':'" + end + "'" : "")
                                + ",'reservations':[{'id':'r','units':" + (1 + random.nextInt(3))
                                + ",'hourlyPrice':'1.00','hourlyCapacity':'1','weights':{'input_tokens':'1'}"
                                + (random.nextBoolean()
                                        ? ",'effectiveFrom':'2023-11-0" + (1 + random.nextInt(3)) + "'"
                                        : "")
                                + (random.nextBoolean() ? ",'effectiveTo':'" + end + "'" : "") + "}]"));
            }
        }
        return versions.isEmpty() ? moving(random) : history(versions.toArray(Contract[]::new));
    }

    private static Map<Use, BigInteger> spilled(List<UsageTotal> usage, ContractHistory contracts) {
        ContractPrices prices =
                new ContractPrices(contracts, Contracts.NOVEMBER, Map.of("list", RATES), Optional.of(RATES));
        Map<Use, BigInteger> spilled = new HashMap<>();
        for (RatedUsage rated : Rating.of(usage, prices, NOVEMBER).rated()) {
            if (rated.cover().isEmpty()) {
                spilled.merge(
                        new Use(rated.range(), "", rated.product(), rated.meter()), rated.quantity(), BigInteger::add);
            }
        }
        // Of what is taken back, as much is taken back.
        spilled.values().removeIf(quantity -> quantity.signum() <= 0);
        return spilled;
    }

    private static Rating rating(Random random, List<UsageTotal> usage) {
        return Rating.of(
                usage,
                new ContractPrices(contracts(random), Contracts.NOVEMBER, Map.of("list", RATES), Optional.of(RATES)),
                NOVEMBER);
    }

    /** One or two versions with one to three reservations each. */
    private static ContractHistory contracts(Random random) {
        Contract first = acme(json(reservations(random)));
        return random.nextBoolean()
                ? history(first)
                : history(first, acmeFrom("2023-11-0" + (1 + random.nextInt(9)), json(reservations(random))));
    }

    private static String json(List<String> reservations) {
        return "'reservations':[" + String.join(",", reservations) + "]";
    }

    private static List<String> reservations(Random random) {
        List<String> reservations = new ArrayList<>();
        for (int i = 1 + random.nextInt(3); i > 0; i--) {
            reservations.add("{'id':'r" + i + "','units':" + (1 + random.nextInt(9))
                    + ",'hourlyPrice':'0.37','hourlyCapacity':'" + (1 + random.nextInt(3_000)) + "."
                    + random.nextInt(100) + "','weights':{'input_tokens':'1','output_tokens':'"
                    + List.of("0", "0.7", "4", "3.333").get(random.nextInt(4)) + "'"
                    + (random.nextBoolean() ? ",'requests':'100'" : "") + "}"
                    + (random.nextBoolean() ? ",'match':{'model':'gpt-4*'}" : "")
                    + (random.nextInt(3) == 0 ? ",'effectiveFrom':'2023-11-0" + (1 + random.nextInt(9)) + "'" : "")
                    + "}");
        }
        return reservations;
    }

    private static PriceHistory prices(Random random) {
        SortedMap<String, MeterPrice> prices = new TreeMap<>();
        METERS.forEach(meter -> prices.put(meter, RandomPrices.terms(random)));
        return Fixtures.history(new PriceBookDraft(
                "list",
                USD,
                Fixtures.BEGINNING,
                List.of(new RateCard("all", match(), prices, Fixtures.BEGINNING, Optional.empty()))));
    }

    /** Rollups of single windows; few windows, so that several products and projects meet in one. */
    private static List<UsageTotal> windows(Random random) {
        List<UsageTotal> windows = new ArrayList<>();
        for (int i = random.nextInt(40); i > 0; i--) {
            Map<String, BigInteger> quantities = new TreeMap<>();
            for (String meter : METERS) {
                int tokens = random.nextInt(5) == 0 ? -random.nextInt(2_000) : random.nextInt(4_000);
                quantities.put(meter, BigInteger.valueOf(meter.equals("requests") ? tokens / 100 : tokens));
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
        return Window.at(NOVEMBER.from().plusSeconds(Window.SECONDS * (random.nextInt(6) + 96L * random.nextInt(12))));
    }

    /** What a reader would answer: by window what something is reserved for, else by slice; projects not told apart. */
    private static List<UsageTotal> asRead(List<UsageTotal> windows, ContractHistory contracts, PriceHistory list) {
        ContractPrices prices =
                new ContractPrices(contracts, Contracts.NOVEMBER, Map.of("list", list), Optional.of(list));
        boolean all = prices.reservedIn(NOVEMBER).stream()
                .anyMatch(pattern -> pattern.values().isEmpty());
        List<UsageTotal> totals = new ArrayList<>();
        for (TimeRange slice : prices.cut(NOVEMBER)) {
            windows.stream()
                    .filter(total -> slice.contains(total.range()))
                    .collect(Collectors.groupingBy(total -> new Use(
                            all || total.product().provider().equals("openai") ? total.range() : slice,
                            "",
                            total.product(),
                            "")))
                    .forEach((use, together) -> totals.add(sum(use, together)));
        }
        return totals;
    }

    private static UsageTotal sum(Use use, List<UsageTotal> together) {
        Map<String, BigInteger> quantities = new TreeMap<>();
        together.forEach(total ->
                total.quantities().forEach((meter, quantity) -> quantities.merge(meter, quantity, BigInteger::add)));
        quantities.values().removeIf(quantity -> quantity.signum() == 0);
        Evidence evidence = Evidence.of(together);
        return new UsageTotal(
                use.window(), "acme", "", use.product(), quantities, evidence.eventCount(), evidence.digest());
    }

    private static String bytes(Invoice invoice) {
        return CanonicalJson.write(InvoiceDocument.of(invoice));
    }
}
