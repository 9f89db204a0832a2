package io.tollgate.cli.traffic;

import io.tollgate.cli.traffic.DemoPlatform.Model;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;

/** Draws the meters of one model's requests. */
final class RequestShape {

    /** Caches are written in blocks of this many tokens, as in the Mooncake traces. */
    private static final long BLOCK_TOKENS = 512;

    /** Anthropic's documentation, "Prompt caching": shorter prompts are not cached. */
    private static final long LEAST_CACHED_PROMPT_TOKENS = 1_024;

    private final long windowTokens;
    private final boolean cacheWrites;
    private final QuantileTable prompt;
    private final QuantileTable output;
    private final Optional<QuantileTable> cacheShare;
    private final Optional<QuantileTable> reasoningShare;
    private final Weighted<Map.Entry<String, Double>> accelerators;

    RequestShape(Model model, TrafficFigures figures) {
        this.windowTokens = model.windowTokens();
        this.cacheWrites = model.cacheWrites();
        this.prompt = figures.table(model.prompt());
        this.output = figures.table(model.output());
        this.cacheShare = model.cacheShare().map(figures::table);
        this.reasoningShare = model.reasoningShare().map(figures::table);
        this.accelerators = Weighted.of(model.accelerators().entrySet(), Map.Entry::getValue);
    }

    /** What was counted, and the whole prompt's length. */
    record Request(long contextTokens, Map<String, Long> quantities) {}

    String accelerator(RandomGenerator random) {
        return accelerators.at(random.nextDouble()).getKey();
    }

    /** Always as many draws for the same model, so that a change of one figure does not reshuffle the others. */
    Request draw(RandomGenerator random) {
        long context = Math.min(windowTokens, Math.round(prompt.at(random.nextDouble())));
        long generated = Math.round(output.at(random.nextDouble()));
        Map<String, Long> quantities = new LinkedHashMap<>();
        long fresh = context;
        if (cacheShare.isPresent()) {
            long read = Math.round(context * cacheShare.get().at(random.nextDouble()));
            fresh -= read;
            quantities.put("cache_read_tokens", read);
        }
        if (cacheWrites && context >= LEAST_CACHED_PROMPT_TOKENS) {
            long written = fresh - fresh % BLOCK_TOKENS;
            fresh -= written;
            quantities.put("cache_write_5m_tokens", written);
        }
        quantities.put("input_tokens", fresh);
        long reasoning = 0;
        if (reasoningShare.isPresent()) {
            reasoning = Math.round(generated * reasoningShare.get().at(random.nextDouble()));
            quantities.put("reasoning_tokens", reasoning);
        }
        quantities.put("output_tokens", generated - reasoning);
        quantities.values().removeIf(amount -> amount == 0);
        return new Request(context, quantities);
    }
}
