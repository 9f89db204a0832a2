package io.tollgate.ingest.cloudevents;

import com.fasterxml.jackson.databind.JsonNode;
import io.tollgate.emitter.rules.Fault;
import io.tollgate.emitter.rules.RejectionReason;
import io.tollgate.ingest.usage.Normalisation;
import io.tollgate.ingest.usage.UnknownFields;
import io.tollgate.ingest.usage.UsageFormat;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What an event counts: either its own quantities, or those of the vendor's usage body that it carries.
 *
 * @param contextTokens the size of the prompt, as the event tells it or as its amounts do
 */
record Amounts(Map<String, Long> quantities, long contextTokens, Optional<UnknownFields> unknown) {

    /** The meters that make up a prompt. */
    static final Set<String> PROMPT_METERS = Set.of(
            "input_tokens",
            "input_image_tokens",
            "input_audio_tokens",
            "cache_read_tokens",
            "cache_read_image_tokens",
            "cache_read_audio_tokens",
            "cache_write_5m_tokens",
            "cache_write_1h_tokens");

    /** @param told the prompt's size if the event tells it itself; then it counts, whatever the amounts are */
    static Amounts of(Members data, Optional<Long> told) throws Refusal {
        Optional<String> format = data.text("usageFormat");
        if (data.has("usage") && data.has("quantities")) {
            throw new Refusal(RejectionReason.USAGE_WITH_QUANTITIES, "data has both usage and quantities.");
        }
        if (data.has("usage")) {
            return normalised(data, format, told);
        }
        if (format.isPresent()) {
            throw new Refusal(
                    RejectionReason.USAGE_FIELD_MISSING, "data.usage is missing, though data.usageFormat is there.");
        }
        Optional<Members> object = data.object("quantities");
        Map<String, Long> quantities =
                object.isEmpty() ? Map.of() : object.get().integers();
        return new Amounts(quantities, told.isPresent() ? told.get() : promptTokens(quantities), Optional.empty());
    }

    private static Amounts normalised(Members data, Optional<String> code, Optional<Long> told) throws Refusal {
        Optional<UsageFormat> format = code.flatMap(UsageFormat::find);
        if (format.isEmpty()) {
            throw new Refusal(
                    RejectionReason.UNKNOWN_USAGE_FORMAT,
                    "data.usageFormat is " + code.map(Fault::shown).orElse("missing") + "; known are "
                            + UsageFormat.codes() + ".");
        }
        Optional<JsonNode> usage = data.tree("usage");
        Normalisation normalisation = format.get().normalise(usage.orElseThrow(), "data.usage");
        if (normalisation instanceof Normalisation.Refused refused) {
            throw new Refusal(refused.fault().reason(), refused.fault().detail());
        }
        Normalisation.Normalised normalised = (Normalisation.Normalised) normalisation;
        return new Amounts(
                normalised.quantities(),
                told.orElse(normalised.contextTokens()),
                Optional.of(normalised.unknown()).filter(unknown -> unknown.count() > 0));
    }

    /**
     * The size of the prompt: all of its tokens. A reversal's amounts are negative, but it must land in the context band
     * of the event that it takes back.
     */
    private static long promptTokens(Map<String, Long> quantities) throws Refusal {
        try {
            long sum = 0;
            for (Map.Entry<String, Long> quantity : quantities.entrySet()) {
                if (PROMPT_METERS.contains(quantity.getKey())) {
                    sum = Math.addExact(sum, quantity.getValue());
                }
            }
            return Math.absExact(sum);
        } catch (ArithmeticException e) {
            throw new Refusal(RejectionReason.INTEGER_OUT_OF_RANGE, "The prompt's tokens add up to more than 2^63-1.");
        }
    }
}
