package io.tollgate.invoicing.invoice;

import io.tollgate.invoicing.contract.ContractHistory;
import io.tollgate.invoicing.money.Money;
import io.tollgate.invoicing.pricing.AppliedPrice;
import io.tollgate.invoicing.pricing.Prices;
import io.tollgate.invoicing.pricing.Reserved;
import io.tollgate.invoicing.pricing.Stretch;
import io.tollgate.invoicing.rating.RatedUsage;
import io.tollgate.invoicing.rating.Rating;
import io.tollgate.invoicing.tax.ExchangeRate;
import io.tollgate.invoicing.terms.Agreement;
import io.tollgate.invoicing.terms.Statement;
import io.tollgate.invoicing.terms.UsageCharge;
import io.tollgate.invoicing.usage.Evidence;
import io.tollgate.invoicing.usage.Product;
import io.tollgate.invoicing.usage.TimeRange;
import io.tollgate.invoicing.usage.UsageTotal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Currency;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Makes an invoice of usage. Pure: the same usage in whatever order and however finely cut gives an equal invoice. */
public final class InvoiceCalculator {

    /** Whose usage of what. */
    private record Used(String tenant, Product product) {

        static Used of(UsageTotal total) {
            return new Used(total.tenant(), total.product());
        }
    }

    /** What a reservation covers in a service period. */
    private record Covering(TimeRange servicePeriod, String reservation) {
        Covering(Adjustment.Key line) {
            this(line.servicePeriod(), line.reservation().orElse(""));
        }
    }

    /** What stands on a line. The price, and what is reserved, are implied by which line it is. */
    private record Sum(Stretch stretch, AppliedPrice price, Optional<Reserved> reserved, Money amount) {

        /** @param parts that lie end to end, if their price counts */
        static Sum of(List<RatedUsage> parts) {
            RatedUsage first = parts.get(0);
            Stretch stretch = first.stretch();
            for (RatedUsage next : parts.subList(1, parts.size())) {
                stretch = stretch.then(next.stretch());
            }
            AppliedPrice price = first.price();
            return new Sum(
                    stretch,
                    price,
                    first.cover().map(RatedUsage.Cover::by),
                    price.isPlain()
                            ? price.of(stretch)
                            : Money.sum(parts.stream().map(RatedUsage::amount).toList(), price.currency()));
        }

        boolean isNothing() {
            return stretch.quantity().signum() == 0 && amount.signum() == 0;
        }
    }

    private InvoiceCalculator() {}

    /**
     * The invoice of a tenant without a contract, as it stands.
     *
     * @param usage the tenant's in the period, each total within one piece of {@code prices.cut(period.range())}
     * @throws IllegalArgumentException if some usage is another tenant's: the caller's bug
     */
    public static Invoice draft(
            String tenant, BillingPeriod period, List<UsageTotal> usage, Prices prices, Instant asOf) {
        return draft(tenant, period, usage, prices, Optional.empty(), asOf);
    }

    /**
     * The invoice of a tenant, as it stands. If its contract has members, it is a billing account: their usage is billed on
     * its invoice, counts together with its own, and its terms are about all of it.
     *
     * @param usage the tenant's and its members' in the period, each total within one piece of {@code prices.cut(period.range())}
     * @param agreement the tenant's, if it has a contract at any time
     * @throws IllegalArgumentException if some usage is another tenant's: the caller's bug
     */
    public static Invoice draft(
            String tenant,
            BillingPeriod period,
            List<UsageTotal> usage,
            Prices prices,
            Optional<Agreement> agreement,
            Instant asOf) {
        return draft(tenant, period, rate(tenant, period, usage, prices, agreement), prices, agreement, asOf);
    }

    /** Rates what is on the invoice of a tenant, as above. */
    public static Rating rate(
            String tenant, BillingPeriod period, List<UsageTotal> usage, Prices prices, Optional<Agreement> agreement) {
        SortedSet<String> members = members(period, agreement);
        for (UsageTotal total : usage) {
            if (!total.tenant().equals(tenant) && !members.contains(total.tenant())) {
                throw new IllegalArgumentException("usage of \"" + total.tenant() + "\" on an invoice of " + tenant);
            }
        }
        return Rating.of(usage, prices, period.range(), List.of(period.range()), member -> tenant);
    }

    /** The invoice of a tenant that is {@linkplain #rate rated} already. */
    public static Invoice draft(
            String tenant,
            BillingPeriod period,
            Rating rating,
            Prices prices,
            Optional<Agreement> agreement,
            Instant asOf) {
        Optional<ExchangeRate> conversion = agreement.flatMap(agreed -> agreed.exchangeRate(period.month()));
        List<InvoiceLine> lines = lines(rating, conversion);
        return new Invoice(
                InvoiceId.of(tenant, period, InvoiceId.FIRST_REVISION),
                period,
                new InvoiceStatus.Draft(asOf),
                conversion.map(ExchangeRate::to).orElse(prices.currency()),
                prices.book(),
                lines,
                rating.unbilled(),
                rating.evidence(),
                agreement.flatMap(
                        agreed -> Statement.of(agreed, period.month(), charges(lines, agreed.contracts(), period))),
                members(period, agreement));
    }

    private static SortedSet<String> members(BillingPeriod period, Optional<Agreement> agreement) {
        return agreement
                .map(agreed -> agreed.contracts().members(period.month()))
                .orElseGet(TreeSet::new);
    }

    /**
     * What is rated, as lines in order of tenant, product, meter and time, what is covered before what spills over. The
     * shown amounts add up to the rounded sum.
     */
    public static List<InvoiceLine> lines(Rating rating) {
        return lines(rating, Optional.empty());
    }

    private static List<InvoiceLine> lines(Rating rating, Optional<ExchangeRate> conversion) {
        Map<Adjustment.Key, List<RatedUsage>> parts = new HashMap<>();
        // What counts together is rated in the order in which it is counted, so the parts of a line lie end to end.
        for (RatedUsage rated : rating.rated()) {
            parts.computeIfAbsent(Adjustment.Key.of(rated), key -> new ArrayList<>())
                    .add(rated);
        }
        SortedMap<Adjustment.Key, Sum> sums = new TreeMap<>();
        parts.forEach((key, ofLine) -> sums.put(key, Sum.of(ofLine)));
        // Usage that was taken back whole leaves nothing to charge.
        sums.values().removeIf(Sum::isNothing);

        List<Money> exact = sums.values().stream()
                .map(sum -> conversion
                        .map(rate -> new Money(sum.amount().amount().multiply(rate.rate()), rate.to()))
                        .orElse(sum.amount()))
                .toList();
        Currency currency = conversion.map(ExchangeRate::to).orElse(rating.currency());
        List<Money> shown = Money.sum(exact, currency).rounded().allocate(exact);
        Map<Used, List<UsageTotal>> usageOf = rating.usage().stream().collect(Collectors.groupingBy(Used::of));
        Map<Covering, List<RatedUsage>> covered = rating.rated().stream()
                .filter(rated -> rated.cover().isPresent())
                .collect(Collectors.groupingBy(rated -> new Covering(Adjustment.Key.of(rated))));
        List<InvoiceLine> lines = new ArrayList<>();
        sums.forEach((key, sum) -> lines.add(new InvoiceLine(
                lines.size() + 1,
                key.tenant(),
                key.product(),
                key.meter(),
                key.servicePeriod(),
                sum.stretch(),
                sum.price(),
                exact.get(lines.size()),
                shown.get(lines.size()),
                evidence(usageOf.getOrDefault(new Used(key.tenant(), key.product()), List.of()), key.servicePeriod()),
                conversion,
                sum.reserved()
                        .map(reserved ->
                                reservedUse(covered.getOrDefault(new Covering(key), List.of()), key, reserved)))));
        return lines;
    }

    /** @param covered all that the reservation covers in the line's service period */
    private static ReservedUse reservedUse(List<RatedUsage> covered, Adjustment.Key line, Reserved reserved) {
        Set<Instant> windows = new HashSet<>();
        Set<Instant> full = new HashSet<>();
        for (RatedUsage rated : covered) {
            Instant window = rated.range().from();
            if (rated.tenant().equals(line.tenant())
                    && rated.meter().equals(line.meter())
                    && rated.product().equals(line.product())) {
                windows.add(window);
            }
            if (rated.cover().filter(RatedUsage.Cover::isFull).isPresent()) {
                full.add(window);
            }
        }
        return new ReservedUse(
                reserved.id(),
                reserved.capacity(),
                reserved.weight(line.product(), line.meter()).orElseThrow(),
                windows.size(),
                full.size());
    }

    private static List<UsageCharge> charges(List<InvoiceLine> lines, ContractHistory contracts, BillingPeriod period) {
        return lines.stream()
                .map(line -> new UsageCharge(
                        line.product(),
                        line.meter(),
                        contracts.dayOf(line.servicePeriod().from(), period.zone()),
                        line.exactAmount(),
                        line.shownAmount()))
                .toList();
    }

    private static Evidence evidence(List<UsageTotal> ofProduct, TimeRange servicePeriod) {
        return Evidence.of(ofProduct.stream()
                .filter(total -> servicePeriod.contains(total.range()))
                .toList());
    }
}
