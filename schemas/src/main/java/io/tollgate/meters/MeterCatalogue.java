package io.tollgate.meters;

import java.time.Duration;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * How each meter is aggregated. A meter that is not in it is a sum: a source may begin to send a new one without
 * anybody's leave.
 */
public final class MeterCatalogue {

    /** No sample older than this says anything about the present: a source that reports every 15 minutes may miss three. */
    private static final Duration USUAL_HOLD = Duration.ofHours(1);

    private static final MeterCatalogue USUAL = new MeterCatalogue(new TreeMap<>())
            .plus(List.of(
                    MeterDefinition.sum("requests", "request", "Requests."),
                    MeterDefinition.sum(
                            "input_tokens", "token", "Fresh tokens of prompts, without those from a cache."),
                    MeterDefinition.sum("cache_read_tokens", "token", "Tokens of prompts that were read from a cache."),
                    MeterDefinition.sum(
                            "cache_write_5m_tokens", "token", "Tokens written to a cache for five minutes."),
                    MeterDefinition.sum("cache_write_1h_tokens", "token", "Tokens written to a cache for an hour."),
                    MeterDefinition.sum("input_image_tokens", "token", "Fresh tokens of images in prompts."),
                    MeterDefinition.sum("input_audio_tokens", "token", "Fresh tokens of audio in prompts."),
                    MeterDefinition.sum("cache_read_image_tokens", "token", "Tokens of images, from a cache."),
                    MeterDefinition.sum("cache_read_audio_tokens", "token", "Tokens of audio, from a cache."),
                    MeterDefinition.sum("output_tokens", "token", "Tokens of answers, without reasoning."),
                    MeterDefinition.sum("output_image_tokens", "token", "Tokens of images in answers."),
                    MeterDefinition.sum("output_audio_tokens", "token", "Tokens of audio in answers."),
                    MeterDefinition.sum("reasoning_tokens", "token", "Tokens of reasoning."),
                    MeterDefinition.sum("training_tokens", "token", "Tokens that a model was trained on."),
                    MeterDefinition.sum("search_queries", "query", "Web searches done for an answer."),
                    MeterDefinition.sum("search_sources", "page", "Pages that a live search read."),
                    MeterDefinition.sum("tool_calls", "call", "Calls of the provider's tools but searches."),
                    MeterDefinition.sum("classifications", "classification", "Texts classified."),
                    MeterDefinition.sum("images", "image", "Images made, or read where they are billed apart."),
                    MeterDefinition.sum("audio_ms", "millisecond", "Length of audio heard or made."),
                    MeterDefinition.sum("accelerator_ms", "millisecond", "Time on an accelerator."),
                    MeterDefinition.sum(
                            "provisioned_unit_ms",
                            "unit-millisecond",
                            "Reserved throughput, as its source adds it up."),
                    MeterDefinition.sum("storage_byte_hours", "byte-hour", "Storage, as its source adds it up."),
                    MeterDefinition.sum("network_egress_bytes", "byte", "Bytes sent out of the platform."),
                    MeterDefinition.timeWeighted(
                            "stored_bytes", "byte", USUAL_HOLD, "Samples of what is stored, in byte-seconds."),
                    MeterDefinition.timeWeighted(
                            "provisioned_units",
                            "unit",
                            USUAL_HOLD,
                            "Samples of reserved throughput, in unit-seconds.")));

    private final SortedMap<String, MeterDefinition> definitions;

    private MeterCatalogue(SortedMap<String, MeterDefinition> definitions) {
        this.definitions = Collections.unmodifiableSortedMap(definitions);
    }

    /** The meters that Tollgate knows by itself. */
    public static MeterCatalogue usual() {
        return USUAL;
    }

    /**
     * With more meters.
     *
     * @throws IllegalArgumentException if one of them is there already, or twice
     */
    public MeterCatalogue plus(Collection<MeterDefinition> more) {
        SortedMap<String, MeterDefinition> all = new TreeMap<>(definitions);
        for (MeterDefinition definition : more) {
            if (all.putIfAbsent(definition.name(), definition) != null) {
                throw new IllegalArgumentException("the meter %s is defined twice".formatted(definition.name()));
            }
        }
        return new MeterCatalogue(all);
    }

    /** What is written about the meter; empty for one that nobody defined, which is a sum. */
    public Optional<MeterDefinition> find(String name) {
        return Optional.ofNullable(definitions.get(name));
    }

    /** How the meter is aggregated. */
    public Aggregation aggregation(String name) {
        return find(name).map(MeterDefinition::aggregation).orElse(Aggregation.SUM);
    }

    /** How long a sample of a time-weighted meter counts at most; zero for any other meter. */
    public Duration hold(String name) {
        return find(name).flatMap(MeterDefinition::hold).orElse(Duration.ZERO);
    }

    /** All that are defined, in order of their names. */
    public Collection<MeterDefinition> definitions() {
        return definitions.values();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof MeterCatalogue catalogue && definitions.equals(catalogue.definitions);
    }

    @Override
    public int hashCode() {
        return definitions.hashCode();
    }

    @Override
    public String toString() {
        return "MeterCatalogue" + definitions.keySet();
    }
}
