package io.tollgate.invoicing.clickhouse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.tollgate.invoicing.Fixtures;
import io.tollgate.invoicing.RollupsTable;
import io.tollgate.invoicing.RollupsTable.Row;
import io.tollgate.invoicing.connection.ConnectionUrl;
import io.tollgate.invoicing.usage.Detail;
import io.tollgate.invoicing.usage.Doubt;
import io.tollgate.invoicing.usage.Evidence;
import io.tollgate.invoicing.usage.ProductPattern;
import io.tollgate.invoicing.usage.TenantMonth;
import io.tollgate.invoicing.usage.TimeRange;
import io.tollgate.invoicing.usage.UsageQuestion;
import io.tollgate.invoicing.usage.UsageTotal;
import io.tollgate.invoicing.usage.UsageUnavailableException;
import io.tollgate.invoicing.usage.Whose;
import io.tollgate.invoicing.usage.Window;
import io.tollgate.schemas.Digest;
import java.math.BigInteger;
import java.time.Instant;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ClickHouseUsageIT {

    private static final TimeRange NOVEMBER = Fixtures.NOVEMBER;
    private static final Instant WINDOW = Instant.parse("2023-11-16T18:15:00Z");
    private static final BigInteger HUGE = BigInteger.ONE.shiftLeft(128).subtract(BigInteger.ONE);

    private RollupsTable table;
    private ClickHouseUsage usage;

    @BeforeAll
    void start() {
        table = RollupsTable.create();
        usage = ClickHouseUsage.open(ConnectionUrl.clickHouse(table.url()));
    }

    @AfterAll
    void stop() {
        usage.close();
    }

    @Test
    void aNewerVersionOfARollupReplacesTheOlderWhilePartsAreUnmerged() {
        long before = table.rows();
        table.insert(
                Row.of("late", WINDOW, Map.of("input_tokens", 10L)).events(1, BigInteger.ONE, 1),
                Row.of("late", WINDOW, Map.of("input_tokens", 17L)).events(2, BigInteger.TWO, 2),
                // An old version that is written again changes nothing.
                Row.of("late", WINDOW, Map.of("input_tokens", 10L)).events(1, BigInteger.ONE, 1));

        assertThat(table.rows()).isEqualTo(before + 3);
        assertThat(read("late")).singleElement().satisfies(total -> {
            assertThat(total.quantities()).isEqualTo(Map.of("input_tokens", BigInteger.valueOf(17)));
            assertThat(total.eventCount()).isEqualTo(2);
            assertThat(total.digest()).isEqualTo(new Digest(0, 2));
        });
    }

    @Test
    void shardsProjectsAndRequestedModelsAddUp() {
        table.insert(
                Row.of("wide", WINDOW, Map.of("input_tokens", 1L, "output_tokens", 5L)),
                Row.of("wide", WINDOW, Map.of("input_tokens", 2L)).shard(7),
                Row.of("wide", WINDOW, Map.of("input_tokens", 4L)).requestedModel("o1"),
                Row.of("wide", WINDOW, Map.of("input_tokens", 8L)).project("blue"),
                Row.of("wide", WINDOW, Map.of("images", 3L)).model("xai", "grok"));

        assertThat(read("wide"))
                .extracting(total -> total.product().model(), UsageTotal::project, UsageTotal::quantities)
                .containsExactlyInAnyOrder(
                        tuple(
                                "gpt-4o",
                                "",
                                Map.of(
                                        "input_tokens", BigInteger.valueOf(15),
                                        "output_tokens", BigInteger.valueOf(5))),
                        tuple("grok", "", Map.of("images", BigInteger.valueOf(3))));
        assertThat(usage.read(UsageQuestion.of(List.of(NOVEMBER), Whose.tenants(Set.of("wide")), Detail.PROJECTS)))
                .extracting(total -> total.product().model(), UsageTotal::project)
                .containsExactlyInAnyOrder(tuple("gpt-4o", ""), tuple("gpt-4o", "blue"), tuple("grok", ""));
    }

    @Test
    void sumsAreExactBeyond64BitsAndDigestsWrapAt128() {
        table.insert(
                Row.of("vast", WINDOW, Map.of("network_egress_bytes", Long.MAX_VALUE))
                        .events(5, HUGE, 1),
                Row.of("vast", WINDOW, Map.of("network_egress_bytes", Long.MAX_VALUE))
                        .shard(1)
                        .events(7, HUGE, 1),
                Row.of("vast", WINDOW, Map.of("network_egress_bytes", -1L))
                        .shard(2)
                        .events(1, BigInteger.ONE, 1));

        List<UsageTotal> totals = read("vast");

        assertThat(totals.get(0).quantities().get("network_egress_bytes"))
                .isEqualTo(BigInteger.valueOf(Long.MAX_VALUE)
                        .multiply(BigInteger.TWO)
                        .subtract(BigInteger.ONE));
        assertThat(Evidence.of(totals)).isEqualTo(new Evidence(13, new Digest(-1, -1)));
    }

    @Test
    void howeverTimeIsCutUsageFallsIntoTheSliceOfItsWindow() {
        List<Row> rows = new ArrayList<>();
        for (Instant at = NOVEMBER.from(); at.isBefore(NOVEMBER.to()); at = at.plusSeconds(Window.SECONDS * 7)) {
            rows.add(Row.of("steps", at, Map.of("input_tokens", at.getEpochSecond())));
        }
        table.insert(rows.toArray(Row[]::new));
        // New York puts its clocks back on the fifth: one day has 25 hours.
        List<Instant> days = Stream.iterate(LocalDate.of(2023, 11, 1), day -> day.plusDays(1))
                .limit(30)
                .map(day -> day.atStartOfDay(ZoneId.of("America/New_York")).toInstant())
                .toList();
        List<Instant> windows = Stream.iterate(NOVEMBER.from(), at -> at.plusSeconds(Window.SECONDS))
                .limit(30 * 96)
                .toList();
        List<Instant> sevens = Stream.iterate(NOVEMBER.from(), at -> at.plusSeconds(Window.SECONDS * 4 * 7))
                .limit(103)
                .toList();

        for (List<Instant> cuts : List.of(days, windows, sevens)) {
            List<TimeRange> slices = NOVEMBER.cutAt(cuts);
            Map<TimeRange, BigInteger> expected = new TreeMap<>();
            for (Instant at = NOVEMBER.from(); at.isBefore(NOVEMBER.to()); at = at.plusSeconds(Window.SECONDS * 7)) {
                Instant start = at;
                TimeRange slice = slices.stream()
                        .filter(each -> each.contains(start))
                        .findFirst()
                        .orElseThrow();
                expected.merge(slice, BigInteger.valueOf(at.getEpochSecond()), BigInteger::add);
            }
            Map<TimeRange, BigInteger> read = new TreeMap<>();
            List<UsageTotal> totals = usage.read(UsageQuestion.of(slices, Whose.tenants(Set.of("steps")), Detail.NONE));
            assertThat(totals).isSortedAccordingTo(UsageTotal.ORDER);
            totals.forEach(total -> read.merge(total.range(), total.quantities().get("input_tokens"), BigInteger::add));
            assertThat(read).isEqualTo(expected);
        }
    }

    @Test
    void usageFallsIntoTheSliceOfItsWindow() {
        Instant change = Instant.parse("2023-11-16T12:30:00Z");
        table.insert(
                Row.of("cut", NOVEMBER.from().minusSeconds(900), Map.of("input_tokens", 1L)),
                Row.of("cut", NOVEMBER.from(), Map.of("input_tokens", 2L)),
                Row.of("cut", change.minusSeconds(900), Map.of("input_tokens", 4L)),
                Row.of("cut", change, Map.of("input_tokens", 8L)),
                Row.of("cut", NOVEMBER.to().minusSeconds(900), Map.of("input_tokens", 16L)),
                Row.of("cut", NOVEMBER.to(), Map.of("input_tokens", 32L)));

        assertThat(usage.read(
                        UsageQuestion.of(NOVEMBER.cutAt(Set.of(change)), Whose.tenants(Set.of("cut")), Detail.NONE)))
                .extracting(UsageTotal::range, total -> total.quantities().get("input_tokens"))
                .containsExactlyInAnyOrder(
                        tuple(new TimeRange(NOVEMBER.from(), change), BigInteger.valueOf(6)),
                        tuple(new TimeRange(change, NOVEMBER.to()), BigInteger.valueOf(24)));
    }

    @Test
    void productsOfAPatternAreToldByWindowAndOthersBySlice() {
        Instant next = WINDOW.plusSeconds(900);
        table.insert(
                Row.of("fine", WINDOW, Map.of("input_tokens", 1L)),
                Row.of("fine", WINDOW, Map.of("input_tokens", 2L)).shard(1),
                Row.of("fine", next, Map.of("input_tokens", 4L))
                        .project("blue")
                        .observations("[('peak', 'max', 0, 9)]"),
                // What a pattern's other characters mean elsewhere they do not mean here.
                Row.of("fine", next, Map.of("input_tokens", 8L)).model("openai", "gpt%4o"),
                Row.of("fine", WINDOW, Map.of("input_tokens", 16L)).model("openai", "gpt_4o\\\\mini"),
                Row.of("fine", next, Map.of("input_tokens", 32L)).model("openai", "gpt_4o\\\\mini"));
        Set<ProductPattern> patterns = Set.of(
                new ProductPattern(new TreeMap<>(Map.of("model", "gpt-*", "contextBand", "0"))),
                new ProductPattern(new TreeMap<>(Map.of("model", "gpt_*\\mini"))));

        assertThat(usage.read(new UsageQuestion(
                        List.of(NOVEMBER), List.of(NOVEMBER), patterns, Detail.NONE, Whose.tenants(Set.of("fine")))))
                .extracting(UsageTotal::range, total -> total.product().model(), UsageTotal::quantities)
                .containsExactlyInAnyOrder(
                        tuple(Window.at(WINDOW), "gpt-4o", Map.of("input_tokens", BigInteger.valueOf(3))),
                        tuple(Window.at(next), "gpt-4o", Map.of("input_tokens", BigInteger.valueOf(4))),
                        tuple(NOVEMBER, "gpt-4o", Map.of("peak", BigInteger.valueOf(9))),
                        tuple(NOVEMBER, "gpt%4o", Map.of("input_tokens", BigInteger.valueOf(8))),
                        tuple(Window.at(WINDOW), "gpt_4o\\mini", Map.of("input_tokens", BigInteger.valueOf(16))),
                        tuple(Window.at(next), "gpt_4o\\mini", Map.of("input_tokens", BigInteger.valueOf(32))));
    }

    @Test
    void onlyTheUsageOfTheTenantsAskedForIsRead() {
        table.insert(
                Row.of("mine", WINDOW, Map.of("input_tokens", 1L)),
                Row.of("yours", WINDOW, Map.of("input_tokens", 2L)),
                Row.of("", WINDOW, Map.of("input_tokens", 4L)),
                Row.of("no/name", WINDOW, Map.of("input_tokens", 8L)));

        assertThat(read("mine")).extracting(UsageTotal::tenant).containsExactly("mine");
        assertThat(usage.read(UsageQuestion.of(List.of(NOVEMBER), new Whose.Nobodys(), Detail.NONE)))
                .extracting(UsageTotal::tenant)
                .containsExactlyInAnyOrder("", "no/name");
        assertThat(usage.activity(Optional.empty(), Optional.empty()))
                .extracting(TenantMonth::tenant)
                .contains("mine", "yours")
                .doesNotContain("", "no/name");
        assertThat(usage.read(UsageQuestion.of(List.of(NOVEMBER), new Whose.Everybodys(), Detail.NONE)))
                .extracting(UsageTotal::tenant)
                .contains("mine", "yours", "", "no/name");
        assertThat(read("' OR 1 = 1 --")).isEmpty();
    }

    @Test
    void activityTellsWhoUsedAnythingInWhichMonth() {
        table.insert(
                Row.of("active", WINDOW, Map.of("input_tokens", 1L)),
                Row.of("active", WINDOW.plusSeconds(900), Map.of("input_tokens", 1L)),
                Row.of("active", Instant.parse("2023-12-01T00:00:00Z"), Map.of("input_tokens", 1L)));
        TenantMonth november = new TenantMonth("active", YearMonth.of(2023, 11));
        TenantMonth december = new TenantMonth("active", YearMonth.of(2023, 12));

        assertThat(usage.activity(Optional.of("active"), Optional.empty())).containsExactly(november, december);
        assertThat(usage.activity(Optional.of("active"), Optional.of(YearMonth.of(2023, 12))))
                .containsExactly(december);
        assertThat(usage.activity(Optional.empty(), Optional.of(YearMonth.of(2023, 11))))
                .contains(november)
                .doesNotContain(december);
    }

    @Test
    void usageThatCannotBeReadIsToldAsSuch() {
        try (ClickHouseUsage nowhere = ClickHouseUsage.open(ConnectionUrl.clickHouse(table.url() + "_missing"))) {
            assertThatThrownBy(() ->
                            nowhere.read(UsageQuestion.of(List.of(NOVEMBER), new Whose.Everybodys(), Detail.NONE)))
                    .isInstanceOf(UsageUnavailableException.class);
        }
    }

    @Test
    void whatDoesNotAddUpIsAttributedToWhereItWasDecided() {
        Instant first = Instant.parse("2023-11-05T10:00:00Z");
        Instant second = Instant.parse("2023-11-06T10:00:00Z");
        table.insert(
                Row.of("kinds", first, Map.of("input_tokens", 1L))
                        .observations("[('peak', 'max', 0, 9), ('users', 'unique_count', 0, 1),"
                                + " ('users', 'unique_count', 0, 2),"
                                + " ('seats', 'latest', toDateTime64('2023-11-05 10:01:00.000001', 6, 'UTC'), 5)]"),
                // The same window of another shard, and a newer version of it.
                Row.of("kinds", first, Map.of()).shard(1).observations("[('peak', 'max', 0, 99)]"),
                Row.of("kinds", first, Map.of())
                        .shard(1)
                        .observations("[('peak', 'max', 0, 4)]")
                        .events(2, BigInteger.TWO, 2),
                Row.of("kinds", second, Map.of())
                        .project("blue")
                        .observations("[('peak', 'max', 0, 9), ('users', 'unique_count', 0, 2),"
                                + " ('users', 'unique_count', 0, 3),"
                                + " ('seats', 'latest', toDateTime64('2023-11-06 10:01:00.000001', 6, 'UTC'), 4)]"),
                Row.of("kinds", NOVEMBER.to(), Map.of()).observations("[('peak', 'max', 0, 1000)]"));

        assertThat(read("kinds"))
                .singleElement()
                .satisfies(total -> assertThat(total.quantities())
                        .isEqualTo(Map.of(
                                "input_tokens", BigInteger.ONE,
                                "peak", BigInteger.valueOf(9),
                                "users", BigInteger.valueOf(3),
                                "seats", BigInteger.valueOf(4))));
        TimeRange sixth = new TimeRange(Instant.parse("2023-11-06T00:00:00Z"), Instant.parse("2023-11-07T00:00:00Z"));
        assertThat(usage.read(new UsageQuestion(
                        List.of(sixth), List.of(NOVEMBER), Set.of(), Detail.PROJECTS, Whose.tenants(Set.of("kinds")))))
                .singleElement()
                .satisfies(total -> {
                    assertThat(total.project()).isEqualTo("blue");
                    assertThat(total.quantities())
                            .isEqualTo(Map.of("users", BigInteger.ONE, "seats", BigInteger.valueOf(4)));
                });
    }

    @Test
    void aMeterThatWasCountedInTwoWaysIsInDoubt() {
        table.insert(
                Row.of("mixed", NOVEMBER.from(), Map.of("input_tokens", 1L, "peak", 7L)),
                Row.of("mixed", WINDOW, Map.of()).model("xai", "grok").observations("[('peak', 'max', 0, 9)]"),
                Row.of("mixed but zero", NOVEMBER.from(), Map.of("peak", 0L)).observations("[('peak', 'max', 0, 9)]"));

        assertThat(read("mixed"))
                .extracting(UsageTotal::quantities, UsageTotal::doubts)
                .containsExactlyInAnyOrder(
                        tuple(
                                Map.of("input_tokens", BigInteger.ONE, "peak", BigInteger.valueOf(7)),
                                Map.of("peak", Doubt.COUNTED_TWO_WAYS)),
                        tuple(Map.of("peak", BigInteger.valueOf(9)), Map.of("peak", Doubt.COUNTED_TWO_WAYS)));
        assertThat(read("mixed but zero"))
                .singleElement()
                .satisfies(total -> assertThat(total.doubts()).isEmpty());
    }

    /** 7 were counted as a sum, and taken back a day later: in all, nothing was. */
    @Test
    void itIsNotIfNothingIsLeftOfTheOneWayHoweverFinelyItIsTold() {
        Instant next = NOVEMBER.from().plusSeconds(86_400);
        table.insert(
                Row.of("netted", NOVEMBER.from(), Map.of("peak", 7L)),
                Row.of("netted", next, Map.of("peak", -7L)),
                Row.of("netted", WINDOW, Map.of()).observations("[('peak', 'max', 0, 9)]"));

        assertThat(usage.read(
                        UsageQuestion.of(NOVEMBER.cutAt(Set.of(next)), Whose.tenants(Set.of("netted")), Detail.NONE)))
                .hasSize(2)
                .allSatisfy(total -> assertThat(total.doubts()).isEmpty());
    }

    @Test
    void aReversalThatMissedWhatItTakesBackPutsItsMeterInDoubt() {
        table.insert(
                Row.of("missed", NOVEMBER.from(), Map.of("input_tokens", 1L))
                        .observations("[('peak', 'max', 0, 9), ('users', 'unique_count', 0, 1)]"),
                Row.of("missed", WINDOW, Map.of()).observations("[('peak', 'unmatched_reversal', 0, 9)]"),
                Row.of("nothing else", WINDOW, Map.of()).observations("[('peak', 'unmatched_reversal', 0, 9)]"));

        assertThat(read("missed")).singleElement().satisfies(total -> {
            assertThat(total.quantities()).containsEntry("peak", BigInteger.valueOf(9));
            assertThat(total.doubts()).isEqualTo(Map.of("peak", Doubt.UNMATCHED_REVERSAL));
        });
        assertThat(read("nothing else")).singleElement().satisfies(total -> {
            assertThat(total.quantities()).isEqualTo(Map.of("peak", BigInteger.ZERO));
            assertThat(total.doubts()).isEqualTo(Map.of("peak", Doubt.UNMATCHED_REVERSAL));
        });
    }

    private List<UsageTotal> read(String tenant) {
        return usage.read(UsageQuestion.of(List.of(NOVEMBER), Whose.tenants(Set.of(tenant)), Detail.NONE));
    }
}
