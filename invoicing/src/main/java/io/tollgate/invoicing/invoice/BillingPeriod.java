package io.tollgate.invoicing.invoice;

import io.tollgate.invoicing.contract.ContractHistory;
import io.tollgate.invoicing.contract.Payers;
import io.tollgate.invoicing.usage.TimeRange;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;

/**
 * A calendar month in a billing zone.
 *
 * @param zone that it begins in, whose midnights lie on 15-minute boundaries, as all of today's do
 * @param range the stretch of time that it is; it ends where the next month begins, be that in another zone
 */
public record BillingPeriod(YearMonth month, ZoneId zone, TimeRange range) {

    public BillingPeriod(YearMonth month, ZoneId zone) {
        this(
                month,
                zone,
                new TimeRange(
                        month.atDay(1).atStartOfDay(zone).toInstant(),
                        month.plusMonths(1).atDay(1).atStartOfDay(zone).toInstant()));
    }

    /** The month in UTC. */
    public static BillingPeriod of(YearMonth month) {
        return new BillingPeriod(month, ZoneOffset.UTC);
    }

    /** The month of a tenant with a contract. */
    public static BillingPeriod of(YearMonth month, ContractHistory contracts) {
        return new BillingPeriod(
                month,
                contracts.zoneOf(month),
                new TimeRange(contracts.startOf(month), contracts.startOf(month.plusMonths(1))));
    }

    /** The month of a tenant that pays for itself: of one without a contract, that of UTC. */
    public static BillingPeriod of(YearMonth month, String tenant, Payers payers) {
        return new BillingPeriod(
                month,
                payers.contract(tenant).map(contract -> contract.zoneOf(month)).orElse(ZoneOffset.UTC),
                new TimeRange(payers.startOf(tenant, month), payers.startOf(tenant, month.plusMonths(1))));
    }

    /** The months of UTC that the range touches, whole and in order. */
    public static List<TimeRange> around(TimeRange range) {
        List<TimeRange> periods = new ArrayList<>();
        YearMonth month = YearMonth.from(range.from().atOffset(ZoneOffset.UTC));
        for (Instant end = range.from(); end.isBefore(range.to()); month = month.plusMonths(1)) {
            periods.add(of(month).range());
            end = of(month).range().to();
        }
        return periods;
    }

    public boolean hasEndedBy(Instant now) {
        return !now.isBefore(range.to());
    }

    /** {@code 2023-11}. */
    @Override
    public String toString() {
        return month.toString();
    }
}
