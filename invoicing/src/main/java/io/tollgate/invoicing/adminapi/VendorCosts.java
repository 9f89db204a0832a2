package io.tollgate.invoicing.adminapi;

import io.tollgate.invoicing.billing.CostQuery;
import io.tollgate.invoicing.billing.InvoicedTenants;
import io.tollgate.invoicing.billing.SpendQuery;
import io.tollgate.invoicing.cost.CostItem;
import io.tollgate.invoicing.cost.CostReport;
import io.tollgate.invoicing.spend.Granularity;
import io.tollgate.invoicing.spend.MixedCurrenciesException;
import io.tollgate.invoicing.spend.SpendDimension;
import io.tollgate.invoicing.spend.SpendQuestion;
import io.tollgate.invoicing.terms.Step;
import io.tollgate.invoicing.usage.Detail;
import io.tollgate.invoicing.usage.Product;
import io.tollgate.invoicing.usage.TimeRange;
import io.tollgate.invoicing.usage.Whose;
import io.tollgate.service.Problem;
import io.tollgate.service.ProblemException;
import java.time.Duration;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Currency;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * What a tenant's days cost: the effective cost of what it used, and of what others did that it pays for, when it was used, and all else that its invoices say, but
 * credits, at the last moment of what they bill. So a month's days come to the total of its invoice and notes.
 */
final class VendorCosts {

    /** How far a month's end may be from that of UTC: time zones reach from -12:00 to +14:00. */
    private static final Duration FARTHEST_ZONE = Duration.ofHours(14);

    private final SpendQuery spend;
    private final CostQuery costs;
    private final InvoicedTenants tenants;

    VendorCosts(SpendQuery spend, CostQuery costs, InvoicedTenants tenants) {
        this.spend = spend;
        this.costs = costs;
        this.tenants = tenants;
    }

    /**
     * Which costs are asked for.
     *
     * @param groupBy what usage is told apart by
     * @param only facet to the values that are wanted; if any is asked for, only usage is, as charges have none
     */
    record Question(
            String tenant, List<Bucket> buckets, List<SpendDimension> groupBy, Map<SpendDimension, Set<String>> only) {}

    /**
     * In no particular order, all in one currency.
     *
     * @throws MixedCurrenciesException if they are in several
     */
    List<Posting> of(Question question, Instant now) {
        Optional<TimeRange> range = new Bucket.Page(question.buckets(), Optional.empty()).windows();
        if (range.isEmpty()) {
            return List.of();
        }
        List<Posting> postings = new ArrayList<>();
        tenants.of(question.tenant(), range.get()).forEach(each -> postings.addAll(usage(question, each, now)));
        if (question.only().isEmpty()) {
            postings.addAll(charges(question.tenant(), range.get(), now));
        }
        List<Currency> currencies = postings.stream()
                .map(posting -> posting.amount().currency())
                .distinct()
                .toList();
        if (currencies.size() > 1) {
            throw new MixedCurrenciesException(currencies.get(0), currencies.get(1));
        }
        return postings;
    }

    private List<Posting> usage(Question question, InvoicedTenants.During during, Instant now) {
        return spend
                .of(
                        new SpendQuestion(
                                during.range(),
                                Granularity.DAY,
                                ZoneOffset.UTC,
                                Whose.tenants(during.tenants()),
                                question.groupBy(),
                                question.only()),
                        now)
                .orElseThrow(() -> conflict(
                        "no_price_book", "No prices are published yet, so nothing costs anything that is known."))
                .rows()
                .stream()
                .map(row -> Posting.ofUsage(
                        row.period().from(),
                        used(question.groupBy(), row.group()),
                        row.quantity().orElseThrow(),
                        row.cost().effective()))
                .toList();
    }

    private static ProblemException conflict(String code, String detail) {
        return new ProblemException(Problem.of(409, code, detail));
    }

    private List<Posting> charges(String tenant, TimeRange range, Instant now) {
        List<Posting> postings = new ArrayList<>();
        YearMonth last = YearMonth.from(range.to().plus(FARTHEST_ZONE).atOffset(ZoneOffset.UTC));
        for (YearMonth month = YearMonth.from(range.from().minus(FARTHEST_ZONE).atOffset(ZoneOffset.UTC));
                !month.isAfter(last);
                month = month.plusMonths(1)) {
            Instant endInUtc =
                    month.plusMonths(1).atDay(1).atStartOfDay(ZoneOffset.UTC).toInstant();
            if (endInUtc.plus(FARTHEST_ZONE).isBefore(range.from())
                    || endInUtc.minus(FARTHEST_ZONE).isAfter(range.to())) {
                continue;
            }
            List<CostReport> inForce =
                    inForce(costs.of(tenant, month, Detail.NONE, List.of(), now).orElse(List.of()));
            if (!inForce.isEmpty()) {
                Instant end = inForce.get(0).period().range().to().minusNanos(1);
                inForce.stream()
                        .filter(report -> range.contains(end))
                        .flatMap(report -> report.items().stream())
                        .forEach(item -> charge(item)
                                .ifPresent(name -> postings.add(
                                        Posting.ofCharge(end, name, item.cost().effective()))));
            }
        }
        return postings;
    }

    /** The last invoice with its notes, or the draft: those before it were taken back whole. */
    private static List<CostReport> inForce(List<CostReport> reports) {
        int first = 0;
        for (int i = 0; i < reports.size(); i++) {
            CostReport.Kind kind = reports.get(i).kind();
            if (kind == CostReport.Kind.INVOICE || kind == CostReport.Kind.DRAFT) {
                first = i;
            }
        }
        return reports.subList(first, reports.size());
    }

    /** What is no usage by its name; credits pay an invoice, and are no part of what things cost. */
    private static Optional<String> charge(CostItem item) {
        if (item instanceof CostItem.OfTerm term) {
            return term.entry().step() == Step.CREDIT
                    ? Optional.empty()
                    : Optional.of(
                            term.entry().step().label() + ", " + term.entry().description());
        }
        if (item instanceof CostItem.OfChange change) {
            String model = change.line().product().model();
            return Optional.of("adjustment, " + (model.isEmpty() ? "" : model + ", ")
                    + change.line().meter());
        }
        return item instanceof CostItem.OfRounding ? Optional.of("rounding") : Optional.empty();
    }

    private static Used used(List<SpendDimension> groupBy, List<String> group) {
        Map<SpendDimension, String> values = new TreeMap<>();
        Map<String, String> tags = new TreeMap<>();
        for (int i = 0; i < group.size(); i++) {
            String value = group.get(i);
            values.put(groupBy.get(i), value);
            groupBy.get(i).tagKey().ifPresent(key -> tags.put(key, value));
        }
        return new Used(
                values.getOrDefault(SpendDimension.PROJECT, ""),
                tags,
                new Product(
                        "",
                        values.getOrDefault(SpendDimension.MODEL, ""),
                        "",
                        values.getOrDefault(SpendDimension.REGION, ""),
                        "",
                        values.getOrDefault(SpendDimension.SERVICE_TIER, ""),
                        "",
                        Long.parseLong(values.getOrDefault(SpendDimension.CONTEXT_BAND, "0"))),
                values.getOrDefault(SpendDimension.METER, ""));
    }
}
