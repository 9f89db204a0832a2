package io.tollgate.invoicing.billing;

import io.tollgate.invoicing.anomaly.Anomaly;
import io.tollgate.invoicing.document.AnomalyDocument;
import io.tollgate.invoicing.document.SensitivityDocument;
import io.tollgate.invoicing.money.Money;
import io.tollgate.invoicing.postgres.AnomalyStore;
import io.tollgate.invoicing.usage.UsageReader;
import io.tollgate.invoicing.usage.Whose;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** Looks at tenants' last complete days, keeps what is out of the ordinary, and tells of it once. */
public final class Anomalies {

    /** Events are on their way for so long; a day that is just over is not judged. */
    private static final Duration SETTLING = Duration.ofHours(1);

    /** Late usage changes a day after it was judged, so that the last days are judged again. */
    private static final int DAYS_JUDGED = 3;

    private static final Duration JUDGED_AGAIN_AFTER = Duration.ofHours(6);

    /** When the archive has events that are not counted yet. */
    private static final Duration WAITING = Duration.ofMinutes(15);

    /** Who used nothing for longer has no day that is out of the ordinary. */
    private static final Duration SILENCE = Duration.ofDays(8);

    private static final int TENANTS_AT_ONCE = 1_000;

    private final DailySpend spend;
    private final UsageReader usage;
    private final Zones zones;
    private final Freshness freshness;
    private final AnomalyStore store;
    private final AnomalyNews news;

    public Anomalies(
            DailySpend spend,
            UsageReader usage,
            Zones zones,
            Freshness freshness,
            AnomalyStore store,
            AnomalyNews news) {
        this.spend = spend;
        this.usage = usage;
        this.zones = zones;
        this.freshness = freshness;
        this.store = store;
        this.news = news;
    }

    /** Whose days are due to be looked at, in order. */
    SortedSet<String> due(Instant now) {
        SortedSet<String> due = new TreeSet<>();
        for (YearMonth month : Set.of(month(now), month(now.minus(SILENCE)))) {
            String after = "";
            List<String> some;
            do {
                some = usage.tenants(month, after, TENANTS_AT_ONCE);
                due.addAll(some);
                after = some.isEmpty() ? after : some.get(some.size() - 1);
            } while (some.size() == TENANTS_AT_ONCE);
        }
        due.removeAll(store.lookedAt(now));
        return due;
    }

    private static YearMonth month(Instant instant) {
        return YearMonth.from(instant.atOffset(ZoneOffset.UTC));
    }

    /** Judges the tenant's last complete days, and tells of what nobody was told of. Doing it again changes nothing. */
    void look(String tenant, Instant now) {
        Whose whose = Whose.tenants(Set.of(tenant));
        ZoneId zone = zones.of(whose);
        Instant settled = now.minus(SETTLING);
        Optional<Instant> uncounted = freshness.uncounted(whose, now).filter(settled::isAfter);
        LocalDate until = LocalDate.ofInstant(uncounted.orElse(settled), zone);
        SensitivityDocument settings = store.settings(tenant);
        Optional<DailySpend.Days> days =
                spend.of(tenant, until.minusDays(DAYS_JUDGED + Anomaly.HISTORY_DAYS), until, zone, Map.of(), now);
        if (days.isEmpty()) {
            // Without list prices nothing was looked at.
            return;
        }
        judge(tenant, days.orElseThrow(), settings, now);
        tell(tenant, settings, now);
        Instant nextDay = LocalDate.ofInstant(settled, zone)
                .plusDays(1)
                .atStartOfDay(zone)
                .toInstant()
                .plus(SETTLING);
        Instant again = now.plus(uncounted.isPresent() ? WAITING : JUDGED_AGAIN_AFTER);
        store.lookAgain(tenant, again.isBefore(nextDay) ? again : nextDay);
    }

    private void judge(String tenant, DailySpend.Days all, SensitivityDocument settings, Instant now) {
        List<Anomaly.Day> days = all.days();
        for (int judged = DAYS_JUDGED - 1; judged >= 0; judged--) {
            List<Anomaly.Day> upToIt = days.subList(DAYS_JUDGED - 1 - judged, days.size() - judged);
            List<AnomalyDocument> found = Anomaly.on(upToIt, settings.toSensitivity(), all.currency()).stream()
                    .map(AnomalyDocument::of)
                    .toList();
            store.save(tenant, upToIt.get(upToIt.size() - 1).date(), found, now);
        }
    }

    /** Of a day on which the whole is out of the ordinary, the models are not told of as well: they are why. */
    private void tell(String tenant, SensitivityDocument settings, Instant now) {
        List<AnomalyStore.Kept> untold = store.untold(tenant);
        if (untold.isEmpty()) {
            return;
        }
        Set<LocalDate> wholes = store.wholes(tenant, untold.get(0).document().day());
        for (AnomalyStore.Kept each : untold) {
            AnomalyDocument anomaly = each.document();
            if (anomaly.ofWhole() || !wholes.contains(anomaly.day())) {
                news.tell(
                        tenant,
                        each.id(),
                        headline(tenant, anomaly),
                        facts(anomaly),
                        "/v1/anomalies/" + each.id(),
                        settings.addresses(),
                        now);
            }
            store.told(each.id(), now);
        }
    }

    private static String headline(String tenant, AnomalyDocument anomaly) {
        Money difference = Money.of(anomaly.difference(), anomaly.currency()).rounded();
        Money actual = Money.of(anomaly.actual(), anomaly.currency()).rounded();
        return "Usage of " + tenant + (anomaly.ofWhole() ? "" : " of " + anomaly.provider() + " " + anomaly.model())
                + " on " + anomaly.day() + " cost " + actual + ", "
                + (difference.signum() < 0 ? difference.negated() + " less" : difference + " more") + " than usual";
    }

    private static SortedMap<String, String> facts(AnomalyDocument anomaly) {
        SortedMap<String, String> facts = new TreeMap<>(Map.of(
                "day", anomaly.day().toString(),
                "currency", anomaly.currency(),
                "expected", anomaly.expected(),
                "actual", anomaly.actual(),
                "difference", anomaly.difference(),
                "score", anomaly.score(),
                "against", anomaly.against().toString()));
        if (!anomaly.ofWhole()) {
            facts.put("provider", anomaly.provider());
            facts.put("model", anomaly.model());
        }
        facts.put("changeAgainst", anomaly.change().difference());
        facts.put("volume", anomaly.change().parts().volume());
        facts.put("mix", anomaly.change().parts().mix());
        facts.put("cacheHit", anomaly.change().parts().cacheHit());
        facts.put("price", anomaly.change().parts().price());
        return facts;
    }
}
