package io.tollgate.ingest.usage;

import io.tollgate.emitter.rules.Fault;
import io.tollgate.emitter.rules.RejectionReason;
import java.util.Optional;

/**
 * Mistral.
 *
 * <p>{@code num_cached_tokens}, also as {@code prompt_tokens_details.cached_tokens}, is part of {@code prompt_tokens};
 * the total is prompt and answer. Where audio was heard, {@code prompt_audio_seconds} tells its length, and the total
 * holds tokens that neither of the two numbers has: those of the audio (4 + 635 beside a total of 3,264 for 203
 * seconds). {@code prompt_tokens_details} is then of the prompt and the audio together. Source: Mistral, API reference, "Chat" and "Audio &amp; Transcription".
 */
final class Mistral {

    private static final long MILLIS_PER_SECOND = 1_000;

    private Mistral() {}

    static void chat(Body usage, Sheet sheet) throws Refusal {
        long prompt = usage.required("prompt_tokens");
        Optional<Long> total = usage.amount("total_tokens");
        long answer = Inclusive.answer(usage, "completion_tokens", total);
        long seconds = usage.amountOrZero("prompt_audio_seconds");
        Body details = usage.part("prompt_tokens_details");
        long heard = 0;
        if (total.isPresent()) {
            Parts parts = new Parts().and("prompt_tokens", prompt).and("completion_tokens", answer);
            heard = seconds > 0 ? Math.max(0, total.get() - parts.sum()) : 0;
            parts.and("audio", heard).make(usage.at("total_tokens"), total.get());
        }
        long audio = heard > 0 ? heard(heard, details) : details.amountOrZero("audio_tokens");
        long cached = Body.agreed(usage, "num_cached_tokens", details, "cached_tokens")
                .orElse(0L);
        Inclusive.prompt(
                usage.at("prompt_tokens"),
                new Parts().and("prompt_tokens", prompt).and("audio", heard).sum(),
                audio,
                details,
                new Inclusive.Cached(usage.at("num_cached_tokens"), cached),
                sheet);
        Inclusive.answerWithReasoning(
                usage.at("completion_tokens"), answer, usage.part("completion_tokens_details"), sheet);
        sheet.add("audio_ms", millis(usage, seconds));
    }

    /** What stands in the total alone. The details, which are of both together, must agree if they tell it. */
    private static long heard(long audio, Body details) throws Refusal {
        Optional<Long> told = details.amount("audio_tokens");
        if (told.isPresent()) {
            new Parts().and("the total without prompt and answer", audio).make(details.at("audio_tokens"), told.get());
        }
        return audio;
    }

    private static long millis(Body usage, long seconds) throws Refusal {
        try {
            return Math.multiplyExact(seconds, MILLIS_PER_SECOND);
        } catch (ArithmeticException e) {
            throw new Refusal(
                    RejectionReason.INTEGER_OUT_OF_RANGE,
                    usage.at("prompt_audio_seconds") + " is " + Fault.shown(Long.toString(seconds)) + ".");
        }
    }
}
