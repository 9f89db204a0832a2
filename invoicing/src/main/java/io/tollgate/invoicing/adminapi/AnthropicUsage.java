package io.tollgate.invoicing.adminapi;

import io.tollgate.invoicing.adminapi.AnthropicShapes.CacheCreation;
import io.tollgate.invoicing.adminapi.AnthropicShapes.ServerToolUse;
import io.tollgate.invoicing.adminapi.AnthropicShapes.UsageResult;
import java.math.BigInteger;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Anthropic's usage report of the Messages API. Its numbers are disjoint, as ours are: what was read from a cache or written
 * to one is not in {@code uncached_input_tokens}; thinking is in {@code output_tokens}.
 */
final class AnthropicUsage {

    private static final String FRESH = "uncached_input_tokens";
    private static final String CACHED = "cache_read_input_tokens";
    private static final String WRITTEN_1H = "ephemeral_1h_input_tokens";
    private static final String WRITTEN_5M = "ephemeral_5m_input_tokens";
    private static final String OUTPUT = "output_tokens";
    private static final String SEARCHES = "web_search_requests";

    private static final List<Count> COUNTS = List.of(
            Count.of(FRESH, Meters.fresh()),
            Count.of(CACHED, Meters.cached()),
            Count.of(WRITTEN_1H, Meters.WRITTEN_1H),
            Count.of(WRITTEN_5M, Meters.WRITTEN_5M),
            Count.of(OUTPUT, Meters.answer()),
            Count.of(SEARCHES, Meters.SEARCHES));

    private AnthropicUsage() {}

    static UsageReport report(Asked asked) {
        return new UsageReport(
                Operations::isOfModels,
                COUNTS,
                asked.groupBy(AnthropicFacets.OF_USAGE),
                asked.only(AnthropicFacets.FILTERS));
    }

    static UsageResult result(UsageReport report, UsageReport.Row row) {
        return new UsageResult(
                count(row, FRESH),
                new CacheCreation(count(row, WRITTEN_1H), count(row, WRITTEN_5M)),
                count(row, CACHED),
                count(row, OUTPUT),
                new ServerToolUse(count(row, SEARCHES)),
                value(report, row, AnthropicFacets.API_KEY),
                value(report, row, AnthropicFacets.WORKSPACE),
                value(report, row, AnthropicFacets.MODEL),
                value(report, row, AnthropicFacets.SERVICE_TIER),
                value(report, row, AnthropicFacets.CONTEXT_WINDOW),
                value(report, row, AnthropicFacets.GEO),
                value(report, row, AnthropicFacets.ACCOUNT),
                value(report, row, AnthropicFacets.SERVICE_ACCOUNT),
                value(report, row, AnthropicFacets.SPEED));
    }

    private static BigInteger count(UsageReport.Row row, String name) {
        return Objects.requireNonNull(row.counts().get(name), name);
    }

    private static Optional<String> value(UsageReport report, UsageReport.Row row, Facet facet) {
        return row.value(report.groupBy(), facet);
    }
}
