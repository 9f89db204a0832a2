package io.tollgate.cli.traffic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assertions.withinPercentage;

import io.tollgate.events.UsageEvent;
import io.tollgate.schemas.Codec;
import io.tollgate.schemas.Digest;
import java.time.DayOfWeek;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.ToLongFunction;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DemoTrafficTest {

    private static final YearMonth MONTH = YearMonth.of(2026, 7);
    private static final long SEED = 20260701;
    private static List<UsageEvent> events = List.of();

    @BeforeAll
    static void generate() {
        System.out.println("DemoTrafficTest seed = " + SEED);
        events = new DemoTraffic(MONTH, SEED, DemoTraffic.DEFAULT_EVENTS)
                .stream().toList();
    }

    @Test
    void theSameSeedGivesTheSameBytes() {
        DemoTraffic traffic = new DemoTraffic(MONTH, 7, 2_000);
        List<String> once = traffic.stream().map(DemoTrafficTest::bytes).toList();
        List<String> again = new DemoTraffic(MONTH, 7, 2_000)
                .stream().map(DemoTrafficTest::bytes).toList();
        assertThat(once).hasSize(2_000).isEqualTo(again);
    }

    /** On every JDK: a change of this figure means that {@code DemoTraffic.VERSION} must rise. */
    @Test
    void theSameSeedGivesTheSameEventsOnEveryMachine() {
        Digest sum = Digest.ZERO;
        for (UsageEvent event : new DemoTraffic(MONTH, 7, 2_000)) {
            // The source changes with any byte of the resources, be it a comment; the events do not.
            event.setSource("demo");
            sum = sum.plus(Digest.of(event));
        }
        assertThat(sum).hasToString("92acb9689ae19f82b6d598040ee6f2aa");
    }

    @Test
    void anythingElseIsAnotherSource() {
        Set<String> sources = new HashSet<>();
        for (DemoTraffic traffic : List.of(
                new DemoTraffic(MONTH, 7, 100),
                new DemoTraffic(MONTH, 8, 100),
                new DemoTraffic(MONTH, 7, 101),
                new DemoTraffic(MONTH.plusMonths(1), 7, 100))) {
            sources.add(traffic.source());
            assertThat(traffic.stream()).allMatch(event -> event.getSource().equals(traffic.source()));
        }
        assertThat(sources).hasSize(4);
    }

    @Test
    void eventsComeInTheOrderOfTimeAndStayInTheMonth() {
        Instant start = MONTH.atDay(1).atStartOfDay().toInstant(ZoneOffset.UTC);
        Instant end = MONTH.plusMonths(1).atDay(1).atStartOfDay().toInstant(ZoneOffset.UTC);
        assertThat(events).hasSize(120_000).extracting(UsageEvent::getTime).isSorted();
        assertThat(events.get(0).getTime()).isAfterOrEqualTo(start);
        assertThat(events.get(events.size() - 1).getTime()).isBefore(end);
        assertThat(new HashSet<>(events.stream().map(UsageEvent::getId).toList()))
                .hasSize(events.size());
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 2, 1_000})
    void asManyEventsAsWanted(long count) {
        DemoTraffic traffic = new DemoTraffic(MONTH, 1, count);
        assertThat(traffic.stream().count()).isEqualTo(count).isEqualTo(traffic.size());
        assertThatThrownBy(() -> new DemoTraffic(MONTH, 1, -1)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void metersAddUpToThePromptAndNoneIsNegative() {
        assertThat(events).allSatisfy(event -> {
            Map<String, Long> quantities = event.getQuantities();
            long prompt = quantities.getOrDefault("input_tokens", 0L)
                    + quantities.getOrDefault("cache_read_tokens", 0L)
                    + quantities.getOrDefault("cache_write_5m_tokens", 0L);
            assertThat(prompt).isEqualTo(event.getContextTokens());
            assertThat(quantities.values()).allMatch(amount -> amount > 0);
        });
    }

    @Test
    void tenantsAreAsUnequalAsTheClientsOfTheTrace() {
        List<DemoPlatform.Tenant> tenants = DemoTraffic.platform().tenants();
        List<Double> shares = DemoTraffic.figures().clientShares().subList(0, tenants.size());
        double whole = shares.stream().mapToDouble(Double::doubleValue).sum();
        assertThat(tenants).hasSizeGreaterThanOrEqualTo(6);
        for (int rank = 0; rank < tenants.size(); rank++) {
            String tenant = tenants.get(rank).tenant();
            assertThat(share(event -> event.getDimensions().getTenant().equals(tenant)))
                    .as(tenant)
                    .isCloseTo(shares.get(rank) / whole, within(0.005));
        }
    }

    /** Sampling error of some ten thousand draws from a skewed distribution: a few percent. */
    @Test
    void lengthsFollowTheTables() {
        follows("mistral-7b-instruct", "azure_code_context_tokens", UsageEvent::getContextTokens, 3);
        follows("gpt-4o", "azure_code_context_tokens", UsageEvent::getContextTokens, 3);
        follows("gpt-4o", "azure_code_generated_tokens", event -> amount(event, "output_tokens"), 6);
        follows("claude-3-5-sonnet", "mooncake_input_tokens", UsageEvent::getContextTokens, 4);
        follows("claude-3-5-sonnet", "mooncake_output_tokens", event -> amount(event, "output_tokens"), 3);
        follows("deepseek-r1", "servegen_r1_input_tokens", UsageEvent::getContextTokens, 8);
        follows(
                "deepseek-r1",
                "servegen_r1_output_tokens",
                event -> amount(event, "output_tokens") + amount(event, "reasoning_tokens"),
                5);
    }

    @Test
    void quantilesFollowTheTables() {
        long[] prompts = events.stream()
                .filter(of("gpt-4o"))
                .mapToLong(UsageEvent::getContextTokens)
                .sorted()
                .toArray();
        QuantileTable table = DemoTraffic.figures().table("azure_code_context_tokens");
        for (double probability : new double[] {0.1, 0.25, 0.5, 0.75, 0.9}) {
            assertThat((double) prompts[(int) (probability * prompts.length)])
                    .as("quantile %s", probability)
                    .isCloseTo(table.at(probability), withinPercentage(5));
        }
    }

    @Test
    void cacheHitsAndReasoningFollowTheTables() {
        double cached = sum("claude-3-5-sonnet", "cache_read_tokens");
        double prompts = events.stream()
                .filter(of("claude-3-5-sonnet"))
                .mapToDouble(UsageEvent::getContextTokens)
                .sum();
        assertThat(cached / prompts)
                .isCloseTo(
                        DemoTraffic.figures().table("mooncake_cache_hit_share").mean(), within(0.02));
        double reasoning = sum("deepseek-r1", "reasoning_tokens");
        assertThat(reasoning / (reasoning + sum("deepseek-r1", "output_tokens")))
                .isCloseTo(
                        DemoTraffic.figures()
                                .table("servegen_r1_reasoning_share")
                                .mean(),
                        within(0.02));
    }

    @Test
    void onlyModelsWithACachePriceReadFromACache() {
        Set<String> cached = new HashSet<>();
        events.stream()
                .filter(event -> amount(event, "cache_read_tokens") > 0)
                .forEach(event -> cached.add(event.getDimensions().getModel()));
        assertThat(cached).containsExactlyInAnyOrder("gpt-4o", "claude-3-5-sonnet", "grok-3");
    }

    @Test
    void everyModelProviderAndAcceleratorIsUsed() {
        Map<String, Set<String>> providers = new HashMap<>();
        Set<String> accelerators = new HashSet<>();
        events.forEach(event -> {
            providers
                    .computeIfAbsent(event.getDimensions().getProvider(), name -> new HashSet<>())
                    .add(event.getDimensions().getModel());
            accelerators.add(event.getDimensions().getAcceleratorType());
        });
        assertThat(providers.keySet())
                .containsExactlyInAnyOrder("openai", "anthropic", "meta", "deepseek", "xai", "mistral");
        assertThat(providers.values().stream().mapToInt(Set::size).sum()).isEqualTo(8);
        assertThat(accelerators)
                .containsExactlyInAnyOrder("nvidia-h100", "nvidia-a100", "amd-mi300x", "maia-100", "cobalt-100");
    }

    @Test
    void nightsAndWeekendsAreQuiet() {
        List<Double> hours = DemoTraffic.figures().hourShares();
        for (int hour = 0; hour < hours.size(); hour++) {
            int wanted = hour;
            assertThat(share(event -> event.getTime().atZone(ZoneOffset.UTC).getHour() == wanted))
                    .as("hour %d", hour)
                    .isCloseTo(hours.get(hour), within(0.002));
        }
        // July 2026 has 23 working days and 8 days of weekend.
        double weekend = DemoTraffic.platform().weekendWeight() * 8;
        assertThat(share(event ->
                        event.getTime().atZone(ZoneOffset.UTC).getDayOfWeek().compareTo(DayOfWeek.SATURDAY) >= 0))
                .isCloseTo(weekend / (weekend + 23), within(0.002));
    }

    private static void follows(String model, String table, ToLongFunction<UsageEvent> length, double percent) {
        double mean =
                events.stream().filter(of(model)).mapToLong(length).average().orElseThrow();
        assertThat(mean)
                .as("%s of %s", table, model)
                .isCloseTo(DemoTraffic.figures().table(table).mean(), withinPercentage(percent));
    }

    private static Predicate<UsageEvent> of(String model) {
        return event -> event.getDimensions().getModel().equals(model);
    }

    private static double sum(String model, String meter) {
        return events.stream()
                .filter(of(model))
                .mapToDouble(event -> amount(event, meter))
                .sum();
    }

    private static double share(Predicate<UsageEvent> wanted) {
        return (double) events.stream().filter(wanted).count() / events.size();
    }

    private static long amount(UsageEvent event, String meter) {
        return event.getQuantities().getOrDefault(meter, 0L);
    }

    private static String bytes(UsageEvent event) {
        return HexFormat.of().formatHex(Codec.USAGE_EVENT.encode(event));
    }
}
