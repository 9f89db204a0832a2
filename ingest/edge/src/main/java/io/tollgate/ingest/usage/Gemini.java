package io.tollgate.ingest.usage;

import java.util.Optional;

/**
 * Google's Gemini, on its own API and on Vertex AI.
 *
 * <p>{@code promptTokenCount} includes {@code cachedContentTokenCount}; {@code candidatesTokenCount} excludes
 * {@code thoughtsTokenCount}; what tools fed the model, {@code toolUsePromptTokenCount}, is beside the prompt. The total
 * is prompt, tools, candidates and thoughts. The Live API says {@code responseTokenCount} for candidates. The lists of details tell the parts of each number by modality, not always
 * all of them. A number that is zero may be left out. Source: Gemini API reference, "UsageMetadata" and
 * "ModalityTokenCount".
 */
final class Gemini {

    private Gemini() {}

    static void generateContent(Body usage, Sheet sheet) throws Refusal {
        long prompt = usage.required("promptTokenCount");
        Optional<Long> total = usage.amount("totalTokenCount");
        boolean live = usage.has("responseTokenCount") && !usage.has("candidatesTokenCount");
        String answerName = live ? "responseTokenCount" : "candidatesTokenCount";
        long answer = Inclusive.answer(usage, answerName, total);
        long thoughts = usage.amountOrZero("thoughtsTokenCount");
        long tools = usage.amountOrZero("toolUsePromptTokenCount");
        Parts context = new Parts().and("promptTokenCount", prompt).and("toolUsePromptTokenCount", tools);
        sheet.context(context.sum());
        if (total.isPresent()) {
            context.and(answerName, answer)
                    .and("thoughtsTokenCount", thoughts)
                    .make(usage.at("totalTokenCount"), total.get());
        }
        String cachedPath = usage.at("cachedContentTokenCount");
        long cached = usage.amountOrZero("cachedContentTokenCount");
        new Parts().and("cachedContentTokenCount", cached).within(usage.at("promptTokenCount"), prompt);
        Tokens fromCache = named(usage, "cacheTokensDetails");
        Tokens inPrompt = named(usage, "promptTokensDetails");
        // Without details of its own a prompt has at least what its cached part tells.
        Tokens sent = byKind(usage, "promptTokenCount", prompt, inPrompt.sum() == 0 ? fromCache : inPrompt);
        Tokens read = sent.cached(cachedPath, cached, fromCache);
        Tokens fed = byKind(usage, "toolUsePromptTokenCount", tools, named(usage, "toolUsePromptTokensDetails"));
        Tokens made = byKind(
                usage, answerName, answer, named(usage, live ? "responseTokensDetails" : "candidatesTokensDetails"));
        usage.ignore("trafficType", "serviceTier");
        sheet.fresh(sent.minus(read).plus(fed)).cached(read).answer(made, thoughts);
    }

    /** A whole of which details name some or all; what they do not name is text. */
    private static Tokens byKind(Body usage, String name, long whole, Tokens named) throws Refusal {
        long unnamed = new Parts()
                .and("text", named.text())
                .and("image", named.image())
                .and("audio", named.audio())
                .within(usage.at(name), whole);
        return named.plus(Tokens.text(unnamed));
    }

    private static Tokens named(Body usage, String name) throws Refusal {
        Parts text = new Parts();
        Parts image = new Parts();
        Parts audio = new Parts();
        for (Body each : usage.parts(name)) {
            long count = each.amountOrZero("tokenCount");
            String modality = each.requiredText("modality");
            switch (modality) {
                case "IMAGE" -> image.and("image", count);
                case "AUDIO" -> audio.and("audio", count);
                case "TEXT", "VIDEO", "DOCUMENT", "MODALITY_UNSPECIFIED" -> text.and("text", count);
                default -> {
                    text.and("text", count);
                    each.report("modality");
                }
            }
        }
        return new Tokens(text.sum(), image.sum(), audio.sum());
    }
}
