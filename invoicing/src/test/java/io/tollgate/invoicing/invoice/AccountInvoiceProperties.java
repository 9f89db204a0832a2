package io.tollgate.invoicing.invoice;

import static io.tollgate.invoicing.Contracts.contract;
import static io.tollgate.invoicing.Fixtures.BEGINNING;
import static io.tollgate.invoicing.Fixtures.NOVEMBER;
import static io.tollgate.invoicing.Fixtures.USD;
import static io.tollgate.invoicing.Fixtures.book;
import static io.tollgate.invoicing.Fixtures.card;
import static io.tollgate.invoicing.Fixtures.history;
import static io.tollgate.invoicing.Fixtures.match;
import static io.tollgate.invoicing.Fixtures.product;
import static org.assertj.core.api.Assertions.assertThat;

import io.tollgate.invoicing.Contracts;
import io.tollgate.invoicing.money.Money;
import io.tollgate.invoicing.pricing.MeterPrice;
import io.tollgate.invoicing.pricing.Price;
import io.tollgate.invoicing.pricing.PriceBookDraft;
import io.tollgate.invoicing.pricing.PriceHistory;
import io.tollgate.invoicing.pricing.RandomPrices;
import io.tollgate.invoicing.pricing.RateCard;
import io.tollgate.invoicing.pricing.TieredPrice;
import io.tollgate.invoicing.pricing.TieredPrice.Mode;
import io.tollgate.invoicing.pricing.TieredPrice.Tier;
import io.tollgate.invoicing.pricing.UnitPrice;
import io.tollgate.invoicing.rating.Rating;
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
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** Laws of an invoice over several tenants, for any usage. Each is driven by a seed, which jqwik prints when it fails. */
class AccountInvoiceProperties {

    private static final List<String> MEMBERS = List.of("acme-labs", "bolt", "zeta");
    private static final Set<String> ALL =
            Stream.concat(Stream.of("acme"), MEMBERS.stream()).collect(Collectors.toSet());
    private static final List<String> METERS = List.of("input_tokens", "requests");

    @Property(tries = 200)
    void withoutTiersAndTermsItIsTheSumOfWhatItsTenantsWouldPay(@ForAll long seed) {
        Random random = new Random(seed);
        PriceHistory prices = history(book(card(
                match(),
                Map.of("input_tokens", UnitPrice.of("0.0037", 1_000), "requests", UnitPrice.of("0.333", 100)))));
        List<UsageTotal> usage = windows(random);

        assertThat(account(usage, prices, MEMBERS).exactSum()).isEqualTo(apart(usage, prices));
    }

    @Property(tries = 200)
    void withAVolumeDiscountItIsNeverMore(@ForAll long seed) {
        Random random = new Random(seed);
        Price falling = new TieredPrice(
                Mode.VOLUME,
                List.of(
                        new Tier(Optional.of(BigInteger.valueOf(3_000)), UnitPrice.of("3", 100), BigDecimal.ZERO),
                        new Tier(Optional.of(BigInteger.valueOf(9_000)), UnitPrice.of("2", 100), BigDecimal.ZERO),
                        new Tier(Optional.empty(), UnitPrice.of("1", 100), BigDecimal.ZERO)),
                false);
        PriceHistory prices = history(book(card(match(), Map.of("input_tokens", falling, "requests", falling))));
        List<UsageTotal> usage = windows(random);

        assertThat(account(usage, prices, MEMBERS).exactSum()).isLessThanOrEqualTo(apart(usage, prices));
    }

    @Property(tries = 200)
    void neitherTheOrderOfMembersNorThatOfUsageNorItsCutsChangeIt(@ForAll long seed) {
        Random random = new Random(seed);
        PriceHistory prices = any(random);
        List<UsageTotal> usage = windows(random);
        List<UsageTotal> shuffled = new ArrayList<>(usage);
        Collections.shuffle(shuffled, random);
        List<String> members = new ArrayList<>(MEMBERS);
        Collections.shuffle(members, random);

        Invoice invoice = account(usage, prices, MEMBERS);

        assertThat(account(shuffled, prices, members)).isEqualTo(invoice);
        assertThat(account(summed(usage), prices, members)).isEqualTo(invoice);
    }

    @Property(tries = 200)
    void itsLinesAreInOneOrderAndNoTwoAreOfTheSame(@ForAll long seed) {
        Random random = new Random(seed);
        Invoice invoice = account(windows(random), any(random), MEMBERS);

        List<Adjustment.Key> keys =
                invoice.lines().stream().map(Adjustment.Key::of).toList();
        assertThat(keys).isSorted();
        assertThat(new HashSet<>(keys)).hasSameSizeAs(keys);
        assertThat(Money.sum(
                        invoice.lines().stream().map(InvoiceLine::shownAmount).toList(), USD))
                .isEqualTo(invoice.subtotal());
    }

    @Property(tries = 200)
    void whatEachTenantSpendsAddsUpToIt(@ForAll long seed) {
        Random random = new Random(seed);
        PriceHistory prices = any(random);
        List<UsageTotal> usage = windows(random);
        Rating together = Rating.of(usage, prices, NOVEMBER, List.of(NOVEMBER), tenant -> "acme");
        Invoice invoice = account(usage, prices, MEMBERS);

        Money sum = Money.zero(USD);
        for (String tenant : ALL) {
            Money spent = together.only(Set.of(tenant)).total();
            sum = sum.plus(spent);
            assertThat(spent)
                    .isEqualTo(Money.sum(
                            invoice.lines().stream()
                                    .filter(line -> line.tenant().equals(tenant))
                                    .map(InvoiceLine::exactAmount)
                                    .toList(),
                            USD));
        }
        assertThat(sum).isEqualTo(invoice.exactSum());
    }

    private static Money apart(List<UsageTotal> usage, PriceHistory prices) {
        return Money.sum(
                ALL.stream()
                        .map(tenant -> Rating.of(
                                        usage.stream()
                                                .filter(total -> total.tenant().equals(tenant))
                                                .toList(),
                                        prices,
                                        NOVEMBER)
                                .total())
                        .toList(),
                USD);
    }

    private static Invoice account(List<UsageTotal> usage, PriceHistory prices, List<String> members) {
        String named = members.stream().map(member -> "'" + member + "'").collect(Collectors.joining(","));
        return Contracts.invoice(
                Contracts.history(contract(
                        "{'tenant':'acme','currency':'USD','effectiveFrom':'2023-01-01','members':[" + named + "]}")),
                prices,
                usage);
    }

    private static PriceHistory any(Random random) {
        List<RateCard> cards = new ArrayList<>();
        for (String provider : List.of("openai", "xai")) {
            SortedMap<String, MeterPrice> prices = new TreeMap<>();
            METERS.forEach(meter -> prices.put(meter, RandomPrices.terms(random)));
            cards.add(new RateCard(provider, match("provider", provider), prices, BEGINNING, Optional.empty()));
        }
        return history(new PriceBookDraft("list", USD, BEGINNING, cards));
    }

    private static List<UsageTotal> windows(Random random) {
        List<String> tenants = List.copyOf(new TreeSet<>(ALL));
        List<UsageTotal> windows = new ArrayList<>();
        int count = random.nextInt(20);
        for (int i = 0; i < count; i++) {
            Instant start = NOVEMBER.from().plusSeconds(Window.SECONDS * random.nextInt(30 * 96));
            Map<String, BigInteger> quantities = new TreeMap<>();
            METERS.forEach(meter -> quantities.put(meter, BigInteger.valueOf(1 + random.nextInt(4_000))));
            windows.add(new UsageTotal(
                    new TimeRange(start, start.plusSeconds(Window.SECONDS)),
                    tenants.get(random.nextInt(tenants.size())),
                    "",
                    random.nextBoolean() ? product("openai", "gpt-4o") : product("xai", "grok"),
                    quantities,
                    1,
                    new Digest(random.nextLong(), random.nextLong())));
        }
        return windows;
    }

    /** The month in one. */
    private static List<UsageTotal> summed(List<UsageTotal> windows) {
        record Used(String tenant, Product product) {}
        List<UsageTotal> sums = new ArrayList<>();
        windows.stream()
                .collect(Collectors.groupingBy(window -> new Used(window.tenant(), window.product())))
                .forEach((used, same) -> {
                    Map<String, BigInteger> quantities = new TreeMap<>();
                    Digest digest = Digest.ZERO;
                    for (UsageTotal each : same) {
                        each.quantities()
                                .forEach((meter, quantity) -> quantities.merge(meter, quantity, BigInteger::add));
                        digest = digest.plus(each.digest());
                    }
                    sums.add(new UsageTotal(
                            new TimeRange(NOVEMBER.from(), NOVEMBER.to()),
                            used.tenant(),
                            "",
                            used.product(),
                            quantities,
                            same.size(),
                            digest));
                });
        return sums;
    }
}
