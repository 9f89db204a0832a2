package io.tollgate.invoicing.billing;

import static org.assertj.core.api.Assertions.assertThat;

import io.tollgate.invoicing.MovingClock;
import io.tollgate.invoicing.billing.Budgets.Taken;
import io.tollgate.invoicing.budget.Amounts;
import io.tollgate.invoicing.budget.Budget;
import io.tollgate.invoicing.budget.Counted;
import io.tollgate.invoicing.budget.Cycle;
import io.tollgate.invoicing.budget.Measure;
import io.tollgate.invoicing.budget.Portion;
import io.tollgate.invoicing.budget.SpendSource;
import io.tollgate.invoicing.budget.Subject;
import io.tollgate.invoicing.connection.ConnectionUrl;
import io.tollgate.invoicing.postgres.BudgetStore;
import io.tollgate.invoicing.postgres.Database;
import io.tollgate.invoicing.postgres.LeaseStore;
import io.tollgate.invoicing.usage.Detail;
import io.tollgate.invoicing.usage.TimeRange;
import io.tollgate.invoicing.usage.TooMuchDetailException;
import io.tollgate.invoicing.usage.UsageUnavailableException;
import io.tollgate.parts.TestParts;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.Currency;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Which budgets are counted, and what that means for leases, with budgets and leases in a real database. */
class BudgetsCountedIT {

    private static final Instant START = Instant.parse("2023-11-16T20:15:00Z");

    private final Database database = Database.open(ConnectionUrl.postgres(TestParts.freshPostgresDatabase()));
    private final BudgetStore store = new BudgetStore(database);
    private final MovingClock clock = new MovingClock(START);
    private final Budgets budgets =
            new Budgets(store, new LeaseStore(database), new Source(), BudgetConfig.usual(), clock);

    /** Of each tenant seven requests; but what has an odd tag cannot be told apart. */
    private static final class Source implements SpendSource {

        @Override
        public ZoneId zone(String tenant, Instant now) {
            return ZoneId.of("UTC");
        }

        @Override
        public Optional<Currency> currency(String tenant, Instant now) {
            return Optional.of(Currency.getInstance("USD"));
        }

        @Override
        public Optional<Instant> uncounted(String tenant, Instant since, Instant arrivedBefore, Instant now) {
            if (tenant.equals("dark")) {
                throw new UsageUnavailableException("dark", new IllegalStateException());
            }
            return Optional.empty();
        }

        @Override
        public List<Portion> read(String tenant, TimeRange range, ZoneId zone, Detail detail, Instant now) {
            if (detail.tagKeys().contains("odd")) {
                throw new IllegalArgumentException("odd");
            }
            if (detail.byTags()) {
                throw new TooMuchDetailException(7);
            }
            return List.of(new Portion(
                    LocalDate.ofInstant(now, zone).atStartOfDay(zone).toInstant(),
                    new Subject(tenant, Optional.empty(), new TreeMap<>()),
                    "requests",
                    BigInteger.valueOf(7),
                    Optional.empty()));
        }
    }

    @AfterEach
    void close() {
        database.close();
    }

    private Budget create(String id, String tenant, Map<String, String> tags, Cycle cycle, boolean byTenant) {
        return store.create(
                id,
                new Budget.Wish(
                        id,
                        new Subject(tenant, Optional.empty(), new TreeMap<>(tags)),
                        cycle,
                        new Measure.OfMeter("requests"),
                        new BigDecimal(100),
                        new TreeSet<>(),
                        new TreeSet<>(),
                        true,
                        true,
                        new TreeSet<>()),
                byTenant,
                clock.instant());
    }

    @Test
    void whatATenantWantsAndCannotBeCountedDoesNotStopTheCountOfFinances() {
        Cycle month = new Cycle.Every(Cycle.Unit.MONTH);
        Budget finances = create("finances", "acme", Map.of(), month, false);
        Budget odd = create("odd", "acme", Map.of("odd", "1"), month, true);
        Budget others = create("others", "other", Map.of(), month, true);

        budgets.countAll();

        assertThat(budgets.standing(finances).counted().orElseThrow().used()).isEqualByComparingTo("7");
        assertThat(budgets.standing(others).counted()).isPresent();
        assertThat(budgets.standing(odd).counted()).isEmpty();
    }

    @Test
    void budgetsThatNeedMoreDetailThanIsHeldDoNotStopTheCountOfOthers() {
        Cycle month = new Cycle.Every(Cycle.Unit.MONTH);
        Budget whole = create("whole", "acme", Map.of(), month, false);
        Budget alike = create("alike", "acme", Map.of(), month, false);
        Budget fine = create("fine", "acme", Map.of("api_key_id", "7"), month, false);

        budgets.countAll();

        assertThat(budgets.standing(whole).counted().orElseThrow().used()).isEqualByComparingTo("7");
        assertThat(budgets.standing(alike).counted()).isPresent();
        assertThat(budgets.standing(fine).counted()).isEmpty();
    }

    @Test
    void whileNobodyKnowsHowFarUsageIsCountedItIsCountedAndTakenForOld() {
        Budget dark = create("dark", "dark", Map.of(), new Cycle.Every(Cycle.Unit.MONTH), false);
        budgets.countAll();
        clock.pass(Duration.ofMinutes(30));
        budgets.countAll();

        Counted counted = budgets.standing(dark).counted().orElseThrow();
        assertThat(counted.used()).isEqualByComparingTo("7");
        assertThat(counted.through()).isEqualTo(START.minus(Duration.ofHours(2)));
    }

    @Test
    void aBudgetThatHasEndedKeepsNobodysLeases() {
        create("month", "acme", Map.of(), new Cycle.Every(Cycle.Unit.MONTH), false);
        create(
                "ended",
                "other",
                Map.of(),
                new Cycle.Fixed(LocalDate.parse("2023-11-16"), LocalDate.parse("2023-11-17")),
                false);
        budgets.countAll();
        budgets.refresh();
        Subject acme = new Subject("acme", Optional.empty(), new TreeMap<>());
        assertThat(budgets.take("lease", acme, Amounts.of("requests", 50), Duration.ofMinutes(1)))
                .isInstanceOf(Taken.Given.class);
        budgets.countAll();
        assertThat(budgets.lease("lease")).isPresent();

        clock.pass(Duration.ofDays(3));
        budgets.countAll();

        assertThat(budgets.lease("lease")).isEmpty();
    }
}
