package io.tollgate.invoicing.billing;

import io.tollgate.invoicing.alert.Alert;
import io.tollgate.invoicing.alert.Cause;
import io.tollgate.invoicing.anomaly.Anomaly;
import io.tollgate.invoicing.anomaly.Sensitivity;
import io.tollgate.invoicing.document.AnomalyDocument;
import io.tollgate.invoicing.document.SensitivityDocument;
import io.tollgate.invoicing.money.Money;
import io.tollgate.invoicing.postgres.Alerts;
import io.tollgate.invoicing.postgres.AnomalyStore;
import io.tollgate.invoicing.spend.MixedCurrenciesException;
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
    private final Alerts alerts;

    public Anomalies(
            DailySpend spend, UsageReader usage, Zones zones, Freshness freshness, AnomalyStore store, Alerts alerts) {
        this.spend = spend;
        this.usage = usage;
        this.zones = zones;
        this.freshness = freshness;
        this.store = store;
        this.alerts = alerts;
    }

    /** Whose days are due to be looked at, in order. */
    SortedSet<String> due(Instant now) {
        SortedSet<String> due = new TreeSet<>();
        for (YearMonth month : new TreeSet<>(List.of(month(now.minus(SILENCE)), month(now)))) {
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

    /**
     * Judges the last complete days of some tenants, and tells of what nobody was told of. Doing it again changes nothing.
     *
     * @return whether there are list prices; without them nothing was looked at
     */
    boolean look(Set<String> tenants, Instant now) {
        boolean looked = true;
        for (Map.Entry<ZoneId, Set<String>> zone : zones.of(tenants).entrySet()) {
            try {
                looked &= look(zone.getValue(), zone.getKey(), now);
            } catch (MixedCurrenciesException e) {
                for (String tenant : zone.getValue()) {
                    looked &= lookAt(tenant, zone.getKey(), now);
                }
            }
        }
        return looked;
    }

    /** One tenant never holds up the others. */
    private boolean lookAt(String tenant, ZoneId zone, Instant now) {
        try {
            return look(Set.of(tenant), zone, now);
        } catch (MixedCurrenciesException e) {
            // Its days have no common measure until the last of the other currency is a month old.
            store.lookAgain(Set.of(tenant), now.plus(JUDGED_AGAIN_AFTER));
            return true;
        }
    }

    private boolean look(Set<String> tenants, ZoneId zone, Instant now) {
        Instant settled = now.minus(SETTLING);
        Optional<Instant> uncounted =
                freshness.uncounted(Whose.tenants(tenants), now).filter(settled::isAfter);
        LocalDate until = LocalDate.ofInstant(uncounted.orElse(settled), zone);
        LocalDate from = until.minusDays(DAYS_JUDGED + Anomaly.HISTORY_DAYS);
        Optional<Map<String, DailySpend.Days>> days = spend.of(tenants, from, until, zone, now);
        if (days.isEmpty()) {
            return false;
        }
        Map<String, SensitivityDocument> settings = store.settings(tenants);
        Set<AnomalyStore.TenantDay> known = store.days(tenants, until.minusDays(DAYS_JUDGED));
        days.orElseThrow().forEach((tenant, each) -> {
            SensitivityDocument own = settings.getOrDefault(tenant, SensitivityDocument.USUAL);
            judge(tenant, each, own.toSensitivity(), known, now);
        });
        tell(tenants, settings, now);
        Instant nextDay = LocalDate.ofInstant(settled, zone)
                .plusDays(1)
                .atStartOfDay(zone)
                .toInstant()
                .plus(SETTLING);
        Instant again = now.plus(uncounted.isPresent() ? WAITING : JUDGED_AGAIN_AFTER);
        store.lookAgain(tenants, again.isBefore(nextDay) ? again : nextDay);
        return true;
    }

    private void judge(
            String tenant,
            DailySpend.Days all,
            Sensitivity sensitivity,
            Set<AnomalyStore.TenantDay> known,
            Instant now) {
        List<Anomaly.Day> days = all.days();
        for (int later = DAYS_JUDGED - 1; later >= 0; later--) {
            List<Anomaly.Day> upToIt = days.subList(DAYS_JUDGED - 1 - later, days.size() - later);
            LocalDate day = upToIt.get(upToIt.size() - 1).date();
            List<AnomalyDocument> found = Anomaly.on(upToIt, sensitivity, all.currency()).stream()
                    .map(AnomalyDocument::of)
                    .toList();
            // Of most days there is nothing to say, nor was there before.
            if (!found.isEmpty() || known.contains(new AnomalyStore.TenantDay(tenant, day))) {
                store.save(tenant, day, found, now);
            }
        }
    }

    /** Of a day on which the whole is out of the ordinary, the models are not told of as well: they are why. */
    private void tell(Set<String> tenants, Map<String, SensitivityDocument> settings, Instant now) {
        List<AnomalyStore.Kept> untold = store.untold(tenants);
        Set<AnomalyStore.TenantDay> wholes = store.wholes(untold);
        for (AnomalyStore.Kept each : untold) {
            AnomalyDocument anomaly = each.document();
            if (anomaly.ofWhole() || !wholes.contains(new AnomalyStore.TenantDay(each.tenant(), anomaly.day()))) {
                SensitivityDocument own = settings.getOrDefault(each.tenant(), SensitivityDocument.USUAL);
                Cause cause = new Cause.Anomaly(
                        each.id(), headline(each.tenant(), anomaly), facts(anomaly), "/v1/anomalies/" + each.id());
                alerts.raise(new Alert(each.tenant(), cause, now, own.addresses()));
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
