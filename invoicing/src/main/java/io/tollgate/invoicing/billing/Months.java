package io.tollgate.invoicing.billing;

import io.tollgate.invoicing.contract.Payers;
import io.tollgate.invoicing.invoice.BillingPeriod;
import io.tollgate.invoicing.usage.TimeRange;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/** The months that a stretch of time lies in: a tenant's are those of its own zone. */
final class Months {

    private Months() {}

    /** Of which months the tenants' usage in the range is billed to whom. */
    static SortedMap<YearMonth, Set<String>> payersOf(Collection<String> tenants, Payers payers, TimeRange range) {
        SortedMap<YearMonth, Set<String>> paying = new TreeMap<>();
        for (YearMonth month = first(range); !month.isAfter(last(range)); month = month.plusMonths(1)) {
            for (String tenant : tenants) {
                String payer = payers.of(tenant, month);
                if (BillingPeriod.of(month, payer, payers).range().overlaps(range)) {
                    paying.computeIfAbsent(month, key -> new TreeSet<>()).add(payer);
                }
            }
        }
        return paying;
    }

    /** Those of UTC. */
    static SortedMap<YearMonth, TimeRange> ofUtc(TimeRange range) {
        SortedMap<YearMonth, TimeRange> months = new TreeMap<>();
        for (YearMonth month = first(range); !month.isAfter(last(range)); month = month.plusMonths(1)) {
            TimeRange whole = BillingPeriod.of(month).range();
            if (whole.overlaps(range)) {
                months.put(month, whole);
            }
        }
        return months;
    }

    private static YearMonth first(TimeRange range) {
        return YearMonth.from(range.from().atOffset(ZoneOffset.UTC)).minusMonths(1);
    }

    private static YearMonth last(TimeRange range) {
        return YearMonth.from(range.to().atOffset(ZoneOffset.UTC)).plusMonths(1);
    }
}
