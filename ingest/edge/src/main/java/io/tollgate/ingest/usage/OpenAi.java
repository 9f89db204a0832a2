package io.tollgate.ingest.usage;

import java.util.Optional;

/**
 * OpenAI, and who answers in its words: Azure OpenAI, vLLM, Groq.
 *
 * <p>The prompt's number includes cached tokens, tokens written to a cache and audio; the answer's number includes
 * reasoning, audio and rejected predictions; the total is prompt and answer. Embeddings have a prompt alone;
 * transcriptions and the realtime API name the details in the singular. Source:
 * OpenAI, API reference, "The chat completion object" and "The response object", {@code usage}; vLLM, "OpenAI-compatible
 * server", where {@code prompt_tokens_details} is null unless the server was started with
 * {@code --enable-prompt-tokens-details}.
 */
final class OpenAi {

    private OpenAi() {}

    static void chat(Body usage, Sheet sheet) throws Refusal {
        read(usage, "prompt_tokens", "completion_tokens", sheet);
    }

    static void responses(Body usage, Sheet sheet) throws Refusal {
        read(usage, "input_tokens", "output_tokens", sheet);
    }

    /** Azure has both APIs, with OpenAI's fields; the body tells which it is. */
    static void azure(Body usage, Sheet sheet) throws Refusal {
        if (usage.has("input_tokens") && !usage.has("prompt_tokens")) {
            responses(usage, sheet);
        } else {
            usage.report("input_tokens");
            chat(usage, sheet);
        }
    }

    private static void read(Body usage, String promptName, String answerName, Sheet sheet) throws Refusal {
        long prompt = usage.required(promptName);
        Optional<Long> total = usage.amount("total_tokens");
        long answer = Inclusive.answer(usage, answerName, total);
        if (total.isPresent()) {
            new Parts().and(promptName, prompt).and(answerName, answer).make(usage.at("total_tokens"), total.get());
        }
        Body details = details(usage, promptName);
        Inclusive.prompt(usage.at(promptName), prompt, details, Inclusive.cached(details), sheet);
        Inclusive.answerWithReasoning(usage.at(answerName), answer, details(usage, answerName), sheet);
        usage.ignore("type");
    }

    /** {@code input_tokens_details}; in transcriptions and realtime {@code input_token_details}. */
    private static Body details(Body usage, String name) throws Refusal {
        String plural = name + "_details";
        String singular = name.substring(0, name.length() - 1) + "_details";
        return usage.has(singular) && !usage.has(plural) ? usage.part(singular) : usage.part(plural);
    }
}
