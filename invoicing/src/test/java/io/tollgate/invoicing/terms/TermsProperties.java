package io.tollgate.invoicing.terms;

import static io.tollgate.invoicing.Contracts.NOVEMBER;
import static io.tollgate.invoicing.Contracts.history;
import static io.tollgate.invoicing.Contracts.invoice;
import static io.tollgate.invoicing.Fixtures.USD;
import static io.tollgate.invoicing.Fixtures.book;
import static io.tollgate.invoicing.Fixtures.card;
import static io.tollgate.invoicing.Fixtures.gpt4oCard;
import static io.tollgate.invoicing.Fixtures.match;
import static io.tollgate.invoicing.Fixtures.product;
import static org.assertj.core.api.Assertions.assertThat;

import io.tollgate.invoicing.Fixtures;
import io.tollgate.invoicing.GeneratedContracts;
import io.tollgate.invoicing.contract.Contract;
import io.tollgate.invoicing.contract.ContractHistory;
import io.tollgate.invoicing.contract.ContractPrices;
import io.tollgate.invoicing.contract.Credit;
import io.tollgate.invoicing.contract.Term;
import io.tollgate.invoicing.document.CanonicalJson;
import io.tollgate.invoicing.document.ContractDocument;
import io.tollgate.invoicing.document.InvoiceDocument;
import io.tollgate.invoicing.invoice.BillingPeriod;
import io.tollgate.invoicing.invoice.Invoice;
import io.tollgate.invoicing.invoice.InvoiceLine;
import io.tollgate.invoicing.money.Money;
import io.tollgate.invoicing.pricing.PriceHistory;
import io.tollgate.invoicing.pricing.UnitPrice;
import io.tollgate.invoicing.usage.Evidence;
import io.tollgate.invoicing.usage.Product;
import io.tollgate.invoicing.usage.TimeRange;
import io.tollgate.invoicing.usage.UsageTotal;
import io.tollgate.invoicing.usage.Window;
import io.tollgate.schemas.Digest;
import java.math.BigInteger;
import java.time.Instant;
import java.time.LocalDate;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Collectors;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** Laws of any contract and any usage. Each property is driven by a seed, which jqwik prints when it fails. */
class TermsProperties {

    private static final PriceHistory LIST = Fixtures.history(book(
            gpt4oCard(),
            card(match(), Map.of("requests", UnitPrice.of("0.000123", 1))),
            card(match("provider", "xai"), Map.of("input_tokens", UnitPrice.of("0.333", 1000)))));

    @Property(tries = 1000)
    void linesAndEntriesAddUpToWhatIsDueAndNothingIsBelowZero(@ForAll long seed) {
        Random random = new Random(seed);
        Invoice invoice = invoice(history(GeneratedContracts.contract(random)), LIST, usage(random, NOVEMBER));
        Statement statement = invoice.statement().orElseThrow();

        Money lines =
                Money.sum(invoice.lines().stream().map(InvoiceLine::shownAmount).toList(), USD);
        Money entries =
                Money.sum(statement.entries().stream().map(Entry::amount).toList(), USD);
        assertThat(lines.plus(entries)).isEqualTo(invoice.due());
        assertThat(invoice.net().signum()).isNotNegative();
        assertThat(invoice.due().signum()).isNotNegative();
        assertThat(invoice.due()).isLessThanOrEqualTo(invoice.total());
        assertThat(statement.entries())
                .isSortedAccordingTo((one, other) -> one.step().compareTo(other.step()));
        assertThat(statement.taxes())
                .allSatisfy(tax -> assertThat(tax.amount())
                        .isEqualTo(
                                tax.taxable().percent(tax.treatment().percent()).rounded()));
    }

    @Property(tries = 200)
    void theOrderInWhichTermsAreGivenChangesNothing(@ForAll long seed) {
        Random random = new Random(seed);
        Contract contract = GeneratedContracts.contract(random);
        List<UsageTotal> usage = usage(random, NOVEMBER);
        List<Term> shuffled = new ArrayList<>(contract.terms());
        Collections.shuffle(shuffled, random);

        assertThat(invoice(history(with(contract, shuffled)), LIST, usage))
                .isEqualTo(invoice(history(contract), LIST, usage));
    }

    @Property(tries = 200)
    void cuttingUsageMoreFinelyChangesNoByteAndNeitherDoesRunningItAgain(@ForAll long seed) {
        Random random = new Random(seed);
        ContractHistory contracts = history(GeneratedContracts.contract(random));
        List<UsageTotal> windows = usage(random, NOVEMBER);
        List<TimeRange> slices = new ContractPrices(contracts, NOVEMBER, Map.of("list", LIST), Optional.of(LIST))
                .cut(BillingPeriod.of(NOVEMBER, contracts).range());

        String bytes = bytes(invoice(contracts, LIST, summed(windows, slices)));

        assertThat(bytes(invoice(contracts, LIST, windows))).isEqualTo(bytes);
        ContractHistory read = history(CanonicalJson.read(
                        CanonicalJson.write(
                                ContractDocument.of(contracts.versions().get(0).content())),
                        ContractDocument.class)
                .toContract());
        Collections.shuffle(windows, random);
        assertThat(bytes(invoice(read, LIST, windows))).isEqualTo(bytes);
    }

    /** Versions that say the same, from any days on, cost what one costs. */
    @Property(tries = 2000)
    void splittingAPeriodIntoAnyPartsComesToTheSameTotal(@ForAll long seed) {
        Random random = new Random(seed);
        Contract contract = GeneratedContracts.contract(random);
        List<UsageTotal> usage = usage(random, NOVEMBER);
        List<Contract> versions = new ArrayList<>(List.of(contract));
        for (int i = random.nextInt(4); i >= 0; i--) {
            versions.add(from(contract, contract.effectiveFrom().plusDays(random.nextInt(400))));
        }

        Invoice whole = invoice(history(contract), LIST, usage);
        Invoice split = invoice(history(versions.toArray(Contract[]::new)), LIST, usage);

        assertThat(split.exactSum()).isEqualTo(whole.exactSum());
        assertThat(split.net()).isEqualTo(whole.net());
        assertThat(split.total()).isEqualTo(whole.total());
    }

    @Property(tries = 100)
    void creditsNeverExceedTheirBalances(@ForAll long seed) {
        Random random = new Random(seed);
        Contract contract = GeneratedContracts.contract(random);
        ContractHistory contracts = history(contract);
        Balances balances = Balances.NONE;
        for (int i = 0; i < 6; i++) {
            YearMonth month = NOVEMBER.plusMonths(i);
            Optional<YearMonth> closed = i == 0 ? Optional.empty() : Optional.of(month.minusMonths(1));
            Invoice invoice = invoice(contracts, month, LIST, usage(random, month), balances, closed);
            balances = balances.plus(invoice.statement().orElseThrow().postings());
        }

        for (Term term : contract.terms()) {
            if (term instanceof Credit credit) {
                Money used = balances.used("credit " + credit.id(), USD);
                assertThat(used).isBetween(Money.zero(USD), credit.amount());
            }
        }
    }

    private static Contract with(Contract contract, List<Term> terms) {
        return new Contract(
                contract.tenant(),
                contract.effectiveFrom(),
                contract.effectiveTo(),
                contract.book(),
                contract.currency(),
                contract.priceCurrency(),
                contract.timeZone(),
                contract.paymentTermDays(),
                contract.billing(),
                contract.overrides(),
                terms);
    }

    private static Contract from(Contract contract, LocalDate day) {
        return new Contract(
                contract.tenant(),
                day,
                contract.effectiveTo(),
                contract.book(),
                contract.currency(),
                contract.priceCurrency(),
                contract.timeZone(),
                contract.paymentTermDays(),
                contract.billing(),
                contract.overrides(),
                contract.terms());
    }

    private static String bytes(Invoice invoice) {
        return CanonicalJson.write(InvoiceDocument.of(invoice));
    }

    /** Rollups of single windows within the month in any zone. */
    private static List<UsageTotal> usage(Random random, YearMonth month) {
        List<UsageTotal> windows = new ArrayList<>();
        for (int i = random.nextInt(40); i > 0; i--) {
            Map<String, BigInteger> quantities = new TreeMap<>();
            quantities.put("input_tokens", BigInteger.valueOf(random.nextInt(400_000)));
            quantities.put("requests", BigInteger.valueOf(random.nextInt(20_000)));
            Instant start =
                    BillingPeriod.of(month).range().from().plusSeconds(Window.SECONDS * (96 + random.nextInt(26 * 96)));
            windows.add(new UsageTotal(
                    new TimeRange(start, start.plusSeconds(Window.SECONDS)),
                    "acme",
                    "",
                    random.nextBoolean() ? product("openai", "gpt-4o") : product("xai", "grok-" + random.nextInt(2)),
                    quantities,
                    1 + random.nextInt(9),
                    new Digest(random.nextLong(), random.nextLong())));
        }
        return windows;
    }

    /** What a reader would answer for these slices. */
    private static List<UsageTotal> summed(List<UsageTotal> windows, List<TimeRange> slices) {
        List<UsageTotal> totals = new ArrayList<>();
        for (TimeRange slice : slices) {
            Map<Product, List<UsageTotal>> parts = windows.stream()
                    .filter(window -> slice.contains(window.range()))
                    .collect(Collectors.groupingBy(UsageTotal::product));
            parts.forEach((product, each) -> {
                Map<String, BigInteger> quantities = new TreeMap<>();
                each.forEach(part -> part.quantities()
                        .forEach((meter, quantity) -> quantities.merge(meter, quantity, BigInteger::add)));
                Evidence evidence = Evidence.of(each);
                totals.add(new UsageTotal(
                        slice, "acme", "", product, quantities, evidence.eventCount(), evidence.digest()));
            });
        }
        return totals;
    }
}
