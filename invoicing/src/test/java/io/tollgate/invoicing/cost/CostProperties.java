package io.tollgate.invoicing.cost;

import static io.tollgate.invoicing.Fixtures.USD;
import static org.assertj.core.api.Assertions.assertThat;

import io.tollgate.invoicing.invoice.Adjustment;
import io.tollgate.invoicing.invoice.Invoice;
import io.tollgate.invoicing.invoice.InvoiceLine;
import io.tollgate.invoicing.money.Money;
import io.tollgate.invoicing.spend.Granularity;
import io.tollgate.invoicing.spend.Spend;
import io.tollgate.invoicing.spend.SpendDimension;
import io.tollgate.invoicing.spend.SpendQuestion;
import io.tollgate.invoicing.spend.SpendTally;
import io.tollgate.invoicing.terms.Statement;
import io.tollgate.invoicing.usage.UsageTotal;
import io.tollgate.invoicing.usage.Whose;
import java.math.BigInteger;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** Laws of taking any invoice apart. Each property is driven by a seed, which jqwik prints when it fails. */
class CostProperties {

    @Property(tries = 1000)
    void itemsAddUpToWhatIsDueWhicheverCostIsPaid(@ForAll long seed) {
        GeneratedMonth month = GeneratedMonth.of(new Random(seed));
        Invoice invoice = month.invoice();
        Cost sum = sum(month.items());

        assertThat(sum.billed()).isEqualTo(invoice.due());
        assertThat(sum.effective()).isEqualTo(invoice.due());
    }

    @Property(tries = 500)
    void usageOfALineCostsWhatTheLineSaysLessItsDiscounts(@ForAll long seed) {
        GeneratedMonth month = GeneratedMonth.of(new Random(seed));
        Invoice invoice = month.invoice();
        List<Money> discounts = invoice.statement().map(Statement::discounts).orElse(List.of());
        Map<Adjustment.Key, Cost> ofLine = new HashMap<>();
        Map<Adjustment.Key, BigInteger> quantities = new HashMap<>();
        for (CostItem item : month.items()) {
            if (item instanceof CostItem.OfUsage usage) {
                Adjustment.Key line = new Adjustment.Key(
                        usage.tenant(), usage.product(), usage.meter(), usage.servicePeriod(), usage.reservation());
                ofLine.merge(line, usage.cost(), Cost::plus);
                quantities.merge(line, usage.quantity(), BigInteger::add);
            }
        }

        for (InvoiceLine line : invoice.lines()) {
            Adjustment.Key key = Adjustment.Key.of(line);
            Cost cost = ofLine.getOrDefault(key, Cost.zero(USD));
            Money discount = discounts.isEmpty() ? Money.zero(USD) : discounts.get(line.number() - 1);
            assertThat(cost.billed()).isEqualTo(line.exactAmount().minus(discount));
            assertThat(quantities).containsEntry(key, line.quantity());
            if (line.reserved().isEmpty()) {
                assertThat(cost.contracted()).isEqualTo(line.exactAmount());
            }
        }
    }

    @Property(tries = 500)
    void whatRoundingMadeIsLessThanACentForEachSumThatWasRounded(@ForAll long seed) {
        GeneratedMonth month = GeneratedMonth.of(new Random(seed));
        Money bound = Money.of("0.01", "USD");

        assertThat(month.items())
                .filteredOn(CostItem.OfRounding.class::isInstance)
                .hasSizeLessThanOrEqualTo(1)
                .allSatisfy(item -> assertThat(item.cost().billed()).isBetween(bound.negated(), bound));
    }

    @Property(tries = 500)
    void spendByWhateverAddsUpToTheInvoiceWithItsCharges(@ForAll long seed) {
        Random random = new Random(seed);
        GeneratedMonth month = GeneratedMonth.of(random);
        SpendQuestion question = question(random, month);
        SpendTally tally = new SpendTally(question);
        tally.add(USD, month.items(), tenant -> true);
        Spend spend = tally.spend(USD, true);

        assertThat(spend.rows().stream().map(Spend.Row::cost).reduce(Cost.zero(USD), Cost::plus))
                .isEqualTo(spend.total());
        assertThat(sum(spend.charges()).plus(spend.total()).effective())
                .isEqualTo(month.invoice().due());
        assertThat(spend.rows())
                .isSortedAccordingTo((one, other) -> one.period().compareTo(other.period()));
    }

    /** Late usage: the invoice says what it said, and what came since stands beside it. */
    @Property(tries = 500)
    void whatWasBilledStaysThoughUsageCameSince(@ForAll long seed) {
        Random random = new Random(seed);
        GeneratedMonth before = GeneratedMonth.of(random);
        List<UsageTotal> more = new ArrayList<>(before.usage());
        more.addAll(GeneratedMonth.usage(random, before.period().range()));
        GeneratedMonth now = new GeneratedMonth(before.contracts(), more, before.list());
        Invoice billed = before.invoice();
        Adjustment since = Adjustment.of(billed(billed), now.invoice());

        List<CostItem> items = now.itemising().items(now.invoice(), now.rating(), since, billed.due());
        assertThat(sum(items).billed()).isEqualTo(billed.due());
        assertThat(sum(items).effective()).isEqualTo(billed.due());
        assertThat(items.stream().filter(CostItem.OfUsage.class::isInstance).toList())
                .isEqualTo(now.items().stream()
                        .filter(CostItem.OfUsage.class::isInstance)
                        .toList());
    }

    private static Adjustment.Billed billed(Invoice invoice) {
        Map<Adjustment.Key, Adjustment.Amount> lines = new TreeMap<>();
        invoice.lines()
                .forEach(line -> lines.put(
                        Adjustment.Key.of(line),
                        new Adjustment.Amount(line.quantity(), line.exactAmount(), line.shownAmount())));
        return new Adjustment.Billed(
                lines,
                invoice.statement().map(Statement::entries).orElse(List.of()),
                invoice.statement().map(Statement::taxes).orElse(List.of()),
                List.of(),
                invoice.exactSum(),
                invoice.subtotal(),
                invoice.total(),
                invoice.due(),
                invoice.evidence());
    }

    private static SpendQuestion question(Random random, GeneratedMonth month) {
        List<SpendDimension> groupBy = new ArrayList<>(SpendDimension.FIXED);
        groupBy.add(SpendDimension.tag("team"));
        Collections.shuffle(groupBy, random);
        return new SpendQuestion(
                month.period().range(),
                random.nextBoolean() ? Granularity.DAY : Granularity.HOUR,
                ZoneId.of(List.of("UTC", "Asia/Kathmandu", "America/New_York").get(random.nextInt(3))),
                new Whose.Everybodys(),
                groupBy.subList(0, random.nextInt(5)),
                Map.of());
    }

    private static Cost sum(List<CostItem> items) {
        return items.stream().map(CostItem::cost).reduce(Cost.zero(USD), Cost::plus);
    }
}
