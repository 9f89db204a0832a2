package io.tollgate.invoicing.adminapi;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * OpenAI's usage endpoints. Each request is on one of them, by what was done; what has no endpoint of its own but a model
 * is a completion. Fields include each other as OpenAI has it: {@code input_tokens} all of a prompt, the "text", "audio"
 * and "image" tokens of it only what came from no cache. Source: OpenAI, OpenAPI document, {@code UsageCompletionsResult}
 * and its like.
 *
 * @param path of the endpoint, below {@code /v1/organization/usage}
 * @param object what its results call themselves
 * @param isShown operations that it shows
 * @param counts what it counts
 * @param facets what its results can be told apart by
 */
record OpenAiUsage(String path, String object, Predicate<String> isShown, List<Count> counts, List<Facet> facets) {

    private static final List<OpenAiUsage> ALL = List.of(
            of(
                    "completions",
                    Operations::isOfModels,
                    List.of(
                            Count.of("input_tokens", Meters.prompt()),
                            Count.of("input_cached_tokens", Meters.cached()),
                            Count.of("input_cache_write_tokens", Meters.written()),
                            Count.of("input_uncached_tokens", Meters.fresh()),
                            Count.of("output_tokens", Meters.answer()),
                            Count.of("input_text_tokens", "input_tokens"),
                            Count.of("output_text_tokens", "output_tokens", "reasoning_tokens"),
                            Count.of("input_cached_text_tokens", "cache_read_tokens"),
                            Count.of("input_audio_tokens", "input_audio_tokens"),
                            Count.of("input_cached_audio_tokens", "cache_read_audio_tokens"),
                            Count.of("output_audio_tokens", "output_audio_tokens"),
                            Count.of("input_image_tokens", "input_image_tokens"),
                            Count.of("input_cached_image_tokens", "cache_read_image_tokens"),
                            Count.of("output_image_tokens", "output_image_tokens"),
                            Count.requests("num_model_requests")),
                    List.of(
                            OpenAiFacets.PROJECT,
                            OpenAiFacets.USER,
                            OpenAiFacets.API_KEY,
                            OpenAiFacets.MODEL,
                            OpenAiFacets.BATCH,
                            OpenAiFacets.SERVICE_TIER)),
            of(
                    "embeddings",
                    "embedding"::equals,
                    List.of(Count.of("input_tokens", Meters.prompt()), Count.requests("num_model_requests")),
                    OpenAiFacets.OF_A_MODEL),
            of(
                    "moderations",
                    "moderation"::equals,
                    List.of(Count.of("input_tokens", Meters.prompt()), Count.requests("num_model_requests")),
                    OpenAiFacets.OF_A_MODEL),
            of(
                    "images",
                    "image"::equals,
                    List.of(Count.of("images", "images"), Count.requests("num_model_requests")),
                    List.of(
                            OpenAiFacets.PROJECT,
                            OpenAiFacets.USER,
                            OpenAiFacets.API_KEY,
                            OpenAiFacets.MODEL,
                            OpenAiFacets.SIZE,
                            OpenAiFacets.SOURCE)),
            of(
                    "audio_speeches",
                    "speech"::equals,
                    List.of(Count.of("characters", "characters"), Count.requests("num_model_requests")),
                    OpenAiFacets.OF_A_MODEL),
            of(
                    "audio_transcriptions",
                    Set.of("transcription", "translation")::contains,
                    List.of(Count.per(1000, "seconds", "audio_ms"), Count.requests("num_model_requests")),
                    OpenAiFacets.OF_A_MODEL),
            of(
                    "web_search_calls",
                    "web_searches",
                    // Searches are done for answers, whatever the answer was for.
                    operation -> true,
                    List.of(
                            Count.requestsDoing("num_model_requests", Meters.SEARCHES),
                            Count.of("num_requests", Meters.SEARCHES)),
                    List.of(
                            OpenAiFacets.PROJECT,
                            OpenAiFacets.USER,
                            OpenAiFacets.API_KEY,
                            OpenAiFacets.MODEL,
                            OpenAiFacets.CONTEXT_LEVEL)),
            // Nothing here tells calls, sessions or stores of these kinds apart, so there are none to show.
            of("vector_stores", operation -> false, List.of(Count.of("usage_bytes")), List.of(OpenAiFacets.PROJECT)),
            of(
                    "code_interpreter_sessions",
                    operation -> false,
                    List.of(Count.of("num_sessions")),
                    List.of(OpenAiFacets.PROJECT)),
            of(
                    "file_search_calls",
                    "file_searches",
                    operation -> false,
                    List.of(Count.of("num_requests")),
                    List.of(OpenAiFacets.PROJECT, OpenAiFacets.USER, OpenAiFacets.API_KEY, OpenAiFacets.VECTOR_STORE)));

    OpenAiUsage {
        counts = List.copyOf(counts);
        facets = List.copyOf(facets);
    }

    private static OpenAiUsage of(String path, Predicate<String> isShown, List<Count> counts, List<Facet> facets) {
        return of(path, path, isShown, counts, facets);
    }

    /** @param kind where results are named other than the path */
    private static OpenAiUsage of(
            String path, String kind, Predicate<String> isShown, List<Count> counts, List<Facet> facets) {
        return new OpenAiUsage(path, "organization.usage." + kind + ".result", isShown, counts, facets);
    }

    static Optional<OpenAiUsage> at(String path) {
        return ALL.stream().filter(each -> each.path.equals(path)).findFirst();
    }

    UsageReport report(Asked asked) {
        Map<String, Facet> filters = new LinkedHashMap<>(OpenAiFacets.FILTERS);
        filters.values().retainAll(facets);
        return new UsageReport(isShown, counts, asked.groupBy(facets), asked.only(filters));
    }

    /** A result with all that OpenAI has in it; what was not grouped by is null. */
    OpenAiShapes.UsageResult result(UsageReport report, UsageReport.Row row) {
        Map<String, Object> members = new LinkedHashMap<>(row.counts());
        for (Facet facet : facets) {
            Optional<String> value = row.value(report.groupBy(), facet);
            members.put(facet.name(), facet.equals(OpenAiFacets.BATCH) ? value.map(Boolean::valueOf) : value);
        }
        return new OpenAiShapes.UsageResult(object, members);
    }
}
