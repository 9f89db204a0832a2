package io.tollgate.invoicing.billing;

import io.tollgate.invoicing.billrun.RunException;
import io.tollgate.invoicing.clickhouse.ClickHouseArchive;
import io.tollgate.invoicing.invoice.BillingPeriod;
import io.tollgate.invoicing.invoice.BillingTerms;
import io.tollgate.invoicing.invoice.Closing.Blocker;
import io.tollgate.invoicing.invoice.Invoice;
import io.tollgate.invoicing.pricing.PriceHistory;
import io.tollgate.invoicing.usage.TimeRange;
import io.tollgate.invoicing.usage.Whose;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/**
 * What stands in the way of invoices beside their own lines, the same for one that is closed by itself and for all of a
 * month: usage and events that may be anybody's, and events that are not counted yet.
 */
public final class Obstacles {

    private final Drafts drafts;
    private final ClickHouseArchive archive;
    private final BillingTerms terms;

    public Obstacles(Drafts drafts, ClickHouseArchive archive, BillingTerms terms) {
        this.drafts = drafts;
        this.archive = archive;
        this.terms = terms;
    }

    /**
     * A stretch of usage, and when events of it may have been kept out.
     *
     * @param until when late ones are waited for no more
     */
    private record Span(TimeRange usage, Instant until) {}

    /** What was found for the periods of some invoices, each looked at once. */
    public final class Search {

        private final PriceHistory prices;
        private final Instant now;
        private final Map<Span, List<RunException>> nobodys = new ConcurrentHashMap<>();
        private final Map<TimeRange, SortedMap<String, Long>> lags = new ConcurrentHashMap<>();

        private Search(PriceHistory prices, Instant now) {
            this.prices = prices;
            this.now = now;
        }

        /** What may be anybody's in the period, and so blocks everybody. */
        List<RunException> nobodys(BillingPeriod period) {
            return nobodys(new Span(period.range(), terms.graceUntil(period)));
        }

        /**
         * What is each tenant's, and what may be anybody's in those hours of its month that are not in the month of a run.
         *
         * @param ofMonth drafts, all of that month
         * @param month that {@link #nobodys(BillingPeriod)} has answered for already
         * @return by tenant, with those of whom nothing is found
         */
        Map<String, List<RunException>> of(Collection<Invoice> ofMonth, BillingPeriod month) {
            Map<String, List<Blocker>> open = drafts.openBefore(month.month(), ofMonth, prices, now);
            Map<String, List<RunException>> found = new TreeMap<>();
            ofMonth.forEach(draft -> {
                String tenant = draft.id().tenant();
                found.put(tenant, of(draft, open.getOrDefault(tenant, List.of()), month));
            });
            return found;
        }

        private List<RunException> of(Invoice draft, List<Blocker> openBefore, BillingPeriod month) {
            String tenant = draft.id().tenant();
            List<RunException> found = new ArrayList<>();
            openBefore.forEach(blocker -> found.add(RunException.of(tenant, blocker)));
            long lagging = lagOf(draft);
            if (lagging != 0) {
                found.add(RunException.lag(tenant, lagging));
            }
            drafts.missingContract(draft, terms).ifPresent(missing -> found.add(RunException.of(tenant, missing)));
            beside(draft.period(), month)
                    .forEach(span -> nobodys(span)
                            .forEach(each -> found.add(new RunException(tenant, each.code(), each.detail()))));
            return found;
        }

        /** What rollups lack of a member would be missing on its account's invoice. */
        private long lagOf(Invoice draft) {
            SortedMap<String, Long> lag = lag(draft.period().range());
            return Stream.concat(Stream.of(draft.id().tenant()), draft.members().stream())
                    .mapToLong(tenant -> lag.getOrDefault(tenant, 0L))
                    .sum();
        }

        private List<RunException> nobodys(Span span) {
            return nobodys.computeIfAbsent(span, key -> {
                Map<String, RunException> found = new LinkedHashMap<>();
                drafts.tenantless(key.usage(), prices)
                        .forEach(unbilled -> add(found, RunException.of("", Blocker.of(unbilled))));
                archive.unsettled(key.usage().from(), key.until())
                        .forEach((reason, events) -> add(found, RunException.unsettled(reason, events)));
                lag(key.usage()).forEach((tenant, events) -> {
                    if (!Whose.isBillable(tenant)) {
                        add(found, RunException.lag("", events));
                    }
                });
                return List.copyOf(found.values());
            });
        }

        private SortedMap<String, Long> lag(TimeRange range) {
            return lags.computeIfAbsent(range, archive::lag);
        }
    }

    Search search(PriceHistory prices, Instant now) {
        return new Search(prices, now);
    }

    private static void add(Map<String, RunException> found, RunException exception) {
        found.putIfAbsent(exception.id(), exception);
    }

    /** The hours of one period that are not in the other. */
    private List<Span> beside(BillingPeriod own, BillingPeriod month) {
        List<Span> spans = new ArrayList<>();
        Instant from = own.range().from();
        Instant to = own.range().to();
        if (from.isBefore(month.range().from())) {
            spans.add(new Span(
                    new TimeRange(from, month.range().from()), month.range().from()));
        }
        if (to.isAfter(month.range().to())) {
            spans.add(new Span(new TimeRange(month.range().to(), to), terms.graceUntil(own)));
        }
        return spans;
    }
}
