package io.tollgate.invoicing.billing;

import io.tollgate.invoicing.forecast.Outlook;
import io.tollgate.invoicing.money.Money;
import io.tollgate.invoicing.spend.Granularity;
import io.tollgate.invoicing.spend.Spend;
import io.tollgate.invoicing.spend.SpendDimension;
import io.tollgate.invoicing.spend.SpendQuestion;
import io.tollgate.invoicing.usage.TimeRange;
import io.tollgate.invoicing.usage.Whose;
import java.time.Instant;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What the running month will have cost a tenant: usage at its effective cost, without what contracts add to it. */
public final class ForecastQuery {

    /** Eight weeks before the month, so that its first days have weekdays to go by. */
    private static final int DAYS_BEFORE = 56;

    private final SpendQuery query;
    private final Freshness freshness;

    public ForecastQuery(SpendQuery query, Freshness freshness) {
        this.query = query;
        this.freshness = freshness;
    }

    /** @param countedThrough event time before which all is counted that the archive knows */
    public record Found(YearMonth month, ZoneId zone, Outlook outlook, Optional<Instant> countedThrough) {}

    /**
     * The month of the zone in which {@code now} is.
     *
     * @param only as in {@link SpendQuestion}
     * @return empty if no list prices are published
     */
    public Optional<Found> of(String tenant, ZoneId zone, Map<SpendDimension, Set<String>> only, Instant now) {
        Whose whose = Whose.tenants(Set.of(tenant));
        LocalDate today = LocalDate.ofInstant(now, zone);
        YearMonth month = YearMonth.from(today);
        LocalDate oldest = month.atDay(1).minusDays(DAYS_BEFORE);
        TimeRange range = DailySpend.range(oldest, today.plusDays(1), zone);
        SpendQuestion question = new SpendQuestion(range, Granularity.DAY, zone, whose, List.of(), only);
        // Usage that is missing is no sign of a quiet day.
        Instant known = freshness.uncounted(whose, now).filter(now::isAfter).orElse(now);
        return query.of(question, now).map(spend -> {
            List<Money> days = days(spend, oldest, zone);
            int complete = Math.toIntExact(LocalDate.ofInstant(known, zone).toEpochDay() - oldest.toEpochDay());
            Outlook outlook = Outlook.of(days, DAYS_BEFORE, complete, month.lengthOfMonth(), spend.currency());
            return new Found(month, zone, outlook, freshness.countedThrough(range, whose, now));
        });
    }

    private static List<Money> days(Spend spend, LocalDate oldest, ZoneId zone) {
        List<Money> days =
                new ArrayList<>(Collections.nCopies(spend.question().periods().size(), Money.zero(spend.currency())));
        for (Spend.Row row : spend.rows()) {
            LocalDate day = LocalDate.ofInstant(row.period().from(), zone);
            int index = Math.toIntExact(day.toEpochDay() - oldest.toEpochDay());
            days.set(index, days.get(index).plus(row.cost().effective()));
        }
        return days;
    }
}
