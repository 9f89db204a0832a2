package io.tollgate.invoicing.chargeback;

import static io.tollgate.invoicing.Contracts.NOVEMBER;
import static io.tollgate.invoicing.Contracts.history;
import static io.tollgate.invoicing.Fixtures.USD;
import static io.tollgate.invoicing.Fixtures.product;
import static org.assertj.core.api.Assertions.assertThat;

import io.tollgate.invoicing.GeneratedContracts;
import io.tollgate.invoicing.chargeback.ChargebackReport.Line;
import io.tollgate.invoicing.chargeback.ChargebackReport.Row;
import io.tollgate.invoicing.chargeback.ChargebackReport.Share;
import io.tollgate.invoicing.contract.ContractHistory;
import io.tollgate.invoicing.cost.CostItem;
import io.tollgate.invoicing.cost.CostReport;
import io.tollgate.invoicing.invoice.BillingPeriod;
import io.tollgate.invoicing.money.Money;
import io.tollgate.invoicing.usage.TimeRange;
import io.tollgate.invoicing.usage.UsageTotal;
import io.tollgate.invoicing.usage.Window;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** Laws of dividing any month by any rules. Each property is driven by a seed, which jqwik prints when it fails. */
class ChargebackProperties {

    private static final Money CENT = Money.of("0.01", "USD");
    private static final List<String> SHARED_KINDS = List.of(
            "unmatched_usage",
            "change",
            "discount",
            "fee",
            "maximum_spend",
            "minimum_spend",
            "commitment",
            "tax",
            "credit",
            "rounding");

    /** Documents, perhaps with a note, and up to three versions of rules. */
    private record Month(List<CostReport> documents, RulesHistory rules) {

        static Month of(Random random) {
            ContractHistory contracts = history(GeneratedContracts.contract(random, "openai"));
            TimeRange range = BillingPeriod.of(NOVEMBER, contracts).range();
            List<UsageTotal> early = usage(random, range);
            List<UsageTotal> all = new ArrayList<>(early);
            all.addAll(random.nextBoolean() ? List.of() : usage(random, range));
            return new Month(
                    random.nextInt(3) == 0
                            ? Months.draft(contracts, all)
                            : Months.billedThenNoted(contracts, early, all),
                    ChargebackProperties.rules(random));
        }

        ChargebackReport report() {
            return Chargeback.report("acme", NOVEMBER, documents, rules);
        }
    }

    @Property(tries = 1000)
    void sharesAddUpToWhatIsDueToTheCentWhateverTheRules(@ForAll long seed) {
        Month month = Month.of(new Random(seed));
        ChargebackReport report = month.report();

        for (CostReport document : month.documents()) {
            assertThat(Money.sum(
                            shares(report).map(share -> share.of(document.id())).toList(), USD))
                    .isEqualTo(document.due());
            assertThat(Money.sum(
                            lines(report)
                                    .filter(line -> line.document().equals(document.id()))
                                    .map(Line::exact)
                                    .toList(),
                            USD))
                    .isEqualTo(document.due());
        }
        assertThat(shares(report)).allSatisfy(share -> {
            assertThat(Money.sum(share.lines().stream().map(Line::amount).toList(), USD))
                    .isEqualTo(share.amount());
            assertThat(share.lines())
                    .allSatisfy(line -> assertThat(line.amount().isRounded()).isTrue());
        });
    }

    @Property(tries = 500)
    void noShareOfADocumentIsACentAwayFromWhatItIsExactly(@ForAll long seed) {
        Month month = Month.of(new Random(seed));
        ChargebackReport report = month.report();

        for (CostReport document : month.documents()) {
            assertThat(shares(report)).allSatisfy(share -> {
                Money exact = Money.sum(
                        share.lines().stream()
                                .filter(line -> line.document().equals(document.id()))
                                .map(Line::exact)
                                .toList(),
                        USD);
                Money away = share.of(document.id()).minus(exact);
                assertThat(away.max(away.negated())).isLessThan(CENT);
            });
        }
    }

    @Property(tries = 500)
    void theOrderOfUsageDoesNotMatter(@ForAll long seed) {
        Random random = new Random(seed);
        Month month = Month.of(random);
        List<CostReport> shuffled = month.documents().stream()
                .map(document -> {
                    List<CostItem> items = new ArrayList<>(document.items());
                    Collections.shuffle(items, random);
                    return with(document, items);
                })
                .toList();

        assertThat(Chargeback.report("acme", NOVEMBER, shuffled, month.rules())).isEqualTo(month.report());
    }

    @Property(tries = 500)
    void aTotalIsItsOwnCostAndTheTotalsBelowIt(@ForAll long seed) {
        ChargebackReport report = Month.of(new Random(seed)).report();
        Money top = report.unallocated().amount();
        for (Row row : report.costCentres()) {
            Money below = Money.sum(
                    report.costCentres().stream()
                            .filter(each -> each.costCentre()
                                    .parent()
                                    .equals(Optional.of(row.costCentre().id())))
                            .map(Row::total)
                            .toList(),
                    USD);
            assertThat(row.total()).isEqualTo(row.own().amount().plus(below));
            top = row.depth() == 0 ? top.plus(row.total()) : top;
        }
        assertThat(top).isEqualTo(report.total());
    }

    /** Reckoned once more, item by item. */
    @Property(tries = 500)
    void usageIsWhoseTheFirstRuleOfItsDaySaysItIs(@ForAll long seed) {
        Month month = Month.of(new Random(seed));
        Map<Optional<String>, Money> expected = new HashMap<>();
        for (CostReport document : month.documents()) {
            for (CostItem item : document.items()) {
                if (item instanceof CostItem.OfUsage usage) {
                    LocalDate day = LocalDate.ofInstant(
                            usage.range().from(), document.period().zone());
                    month.rules()
                            .on(day)
                            .flatMap(version -> version.rules().take(usage))
                            .ifPresent(taken -> expected.merge(
                                    Optional.of(taken.costCentre()),
                                    usage.cost().effective(),
                                    Money::plus));
                }
            }
        }
        Map<Optional<String>, Money> found = new HashMap<>();
        ChargebackReport report = month.report();
        report.costCentres()
                .forEach(row -> row.own().lines().stream()
                        .filter(line -> line.origin().kind() == CostKind.USAGE)
                        .forEach(
                                line -> found.merge(Optional.of(row.costCentre().id()), line.exact(), Money::plus)));

        assertThat(found).isEqualTo(expected);
        assertThat(report.unallocated().lines()).noneMatch(line -> line.origin().kind() == CostKind.USAGE);
    }

    @Property(tries = 200)
    void withoutRulesAllIsUnallocated(@ForAll long seed) {
        Month month = Month.of(new Random(seed));
        ChargebackReport report = Chargeback.report("acme", NOVEMBER, month.documents(), RulesHistory.NONE);

        assertThat(report.costCentres()).isEmpty();
        assertThat(report.unallocated().amount()).isEqualTo(report.total());
    }

    @Property(tries = 300)
    void whatMovedIsExplained(@ForAll long seed) {
        Month month = Month.of(new Random(seed));
        RulesHistory known = month.rules().upTo(month.rules().latest() - 1);
        ChargebackReport before =
                Chargeback.report("acme", NOVEMBER, month.documents().subList(0, 1), known);
        ChargebackReport middle = Chargeback.report("acme", NOVEMBER, month.documents(), known);
        ChargebackReport now = month.report();
        Difference difference = Difference.of(before, middle, now);

        assertThat(difference.movements())
                .allSatisfy(each ->
                        assertThat(each.before().plus(each.difference())).isEqualTo(each.now()));
        assertThat(Money.sum(
                        difference.movements().stream()
                                .map(Difference.Movement::byRules)
                                .toList(),
                        USD))
                .isEqualTo(Money.zero(USD));
        assertThat(Money.sum(
                        difference.movements().stream()
                                .map(Difference.Movement::byInvoice)
                                .toList(),
                        USD))
                .isEqualTo(now.total().minus(before.total()));
        assertThat(Difference.of(now, now, now).isNothing()).isTrue();
    }

    @Property(tries = 300)
    void debitsAreCreditsOfEachDocument(@ForAll long seed) {
        ChargebackReport report = Month.of(new Random(seed)).report();
        if (!report.isFinal()) {
            return;
        }
        Accounts accounts = new Accounts(
                "2100",
                List.of(
                        new Accounts.Expense(Optional.of("c1*"), Set.of(), "6110"),
                        new Accounts.Expense(Optional.empty(), Set.of(CostKind.TAX), "1350"),
                        new Accounts.Expense(Optional.of(""), Set.of(), "6999"),
                        new Accounts.Expense(Optional.empty(), Set.of(), "6100")));
        Journal journal = Journal.of(report, accounts);

        report.documents().forEach(document -> {
            List<Journal.Entry> entries = journal.entries().stream()
                    .filter(entry -> entry.reference().equals(document.number().orElseThrow()))
                    .toList();
            assertThat(Money.sum(entries.stream().map(Journal.Entry::debit).toList(), USD))
                    .isEqualTo(Money.sum(
                            entries.stream().map(Journal.Entry::credit).toList(), USD));
            assertThat(Money.sum(
                            entries.stream()
                                    .filter(entry -> entry.account().equals("2100"))
                                    .map(entry -> entry.credit().minus(entry.debit()))
                                    .toList(),
                            USD))
                    .isEqualTo(document.due());
            assertThat(entries)
                    .allSatisfy(entry -> assertThat(
                                    entry.debit().min(entry.credit()).signum() == 0
                                            && entry.debit().max(entry.credit()).signum() > 0)
                            .isTrue());
        });
    }

    @Property(tries = 500)
    void aSplitGivesAwayNoMoreThanThereIs(@ForAll long seed) {
        Random random = new Random(seed);
        Money amount = new Money(BigDecimal.valueOf(random.nextInt(200_001) - 100_000, random.nextInt(9)), USD);
        TreeMap<String, Money> direct = new TreeMap<>();
        for (int i = 1 + random.nextInt(6); i > 0; i--) {
            direct.put("c" + i, new Money(BigDecimal.valueOf(random.nextInt(5000) - 500, 2), USD));
        }
        boolean anyUse = direct.values().stream().anyMatch(each -> each.signum() > 0);
        Split.Tiered tiered = new Split.Tiered(List.of(
                new Split.Band(Optional.of(BigDecimal.TEN), BigDecimal.ONE),
                new Split.Band(Optional.empty(), new BigDecimal("0.25"))));

        assertThat(sum(new Split.Even().of(amount, direct))).isEqualTo(amount);
        for (Split split : List.of(new Split.Proportional(), tiered)) {
            assertThat(sum(split.of(amount, direct))).isEqualTo(anyUse ? amount : Money.zero(USD));
        }
        assertThat(tiered.counted(new BigDecimal("16"))).isEqualByComparingTo("11.5");
    }

    private static Money sum(Map<String, Money> shares) {
        return Money.sum(List.copyOf(shares.values()), USD);
    }

    private static Stream<Share> shares(ChargebackReport report) {
        return Stream.concat(report.costCentres().stream().map(Row::own), Stream.of(report.unallocated()));
    }

    private static Stream<Line> lines(ChargebackReport report) {
        return shares(report).flatMap(share -> share.lines().stream());
    }

    private static CostReport with(CostReport document, List<CostItem> items) {
        return new CostReport(
                document.id(),
                document.kind(),
                document.number(),
                document.period(),
                document.issuedAt(),
                document.subtotal(),
                document.total(),
                document.due(),
                items,
                document.unbilled());
    }

    /** Of single windows, some taken back again. */
    private static List<UsageTotal> usage(Random random, TimeRange range) {
        List<UsageTotal> windows = new ArrayList<>();
        for (int i = random.nextInt(40); i > 0; i--) {
            Instant start = range.from().plusSeconds(Window.SECONDS * (96 + random.nextInt(26 * 96)));
            boolean tokens = random.nextBoolean();
            windows.add(Months.used(
                    start,
                    List.of("", "blue", "red").get(random.nextInt(3)),
                    random.nextBoolean() ? Map.of() : Map.of("team", "t" + random.nextInt(3)),
                    random.nextBoolean() ? product("openai", "gpt-4o") : product("xai", "grok-" + random.nextInt(2)),
                    tokens ? "input_tokens" : "requests",
                    tokens ? random.nextInt(400_000) - 20_000 : random.nextInt(20_000)));
        }
        return windows;
    }

    private static RulesHistory rules(Random random) {
        List<AllocationRules> versions = new ArrayList<>();
        for (int i = random.nextInt(4); i > 0; i--) {
            versions.add(version(random));
        }
        return Months.history(versions.toArray(AllocationRules[]::new));
    }

    private static AllocationRules version(Random random) {
        int count = 1 + random.nextInt(5);
        List<String> centres = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            boolean below = i > 0 && random.nextBoolean();
            centres.add("{'id':'c" + i + "'" + (below ? ",'parent':'c" + random.nextInt(i) + "'" : "") + "}");
        }
        List<String> whens = new ArrayList<>(List.of(
                "'project':['blue']",
                "'project':['r*'],'provider':['xai']",
                "'tag:team':['t0']",
                "'model':['grok-*'],'meter':['requests']",
                "'tag:team':[''],'project':['']"));
        Collections.shuffle(whens, random);
        List<String> assignments = new ArrayList<>();
        for (int i = random.nextInt(whens.size() + 1); i > 0; i--) {
            assignments.add("{'id':'a" + i + "','when':{" + whens.get(i - 1) + "},'costCentre':'c"
                    + random.nextInt(count) + "'}");
        }
        if (random.nextBoolean()) {
            assignments.add("{'id':'tag','costCentreFromTag':'team','declaredOnly':" + random.nextBoolean() + "}");
        }
        List<String> kinds = new ArrayList<>(SHARED_KINDS);
        Collections.shuffle(kinds, random);
        List<String> shared = IntStream.range(0, random.nextInt(kinds.size()))
                .mapToObj(i ->
                        "{'id':'s" + i + "','sources':[{'kind':'" + kinds.get(i) + "'}]," + split(random, count) + "}")
                .toList();
        return Months.rules("{'effectiveFrom':'2023-" + (random.nextBoolean() ? "10" : "11") + "-"
                + (10 + random.nextInt(20)) + "','mode':'showback','costCentres':[" + String.join(",", centres)
                + "],'assignments':[" + String.join(",", assignments) + "],'shared':["
                + String.join(",", shared) + "]}");
    }

    private static String split(Random random, int count) {
        String over = random.nextBoolean() ? "" : ",'over':['c" + random.nextInt(count) + "']";
        return switch (random.nextInt(4)) {
            case 0 -> "'split':'even'" + (random.nextBoolean() ? ",'over':['c0','c" + (count - 1) + "']" : over);
            case 1 -> "'split':'proportional'" + over;
            case 2 -> "'split':'fixed','shares':{'c0':'" + random.nextInt(101) + "'}";
            default -> "'split':'tiered','bands':[{'upTo':'3','weight':'1'},{'weight':'0.3'}]" + over;
        };
    }
}
