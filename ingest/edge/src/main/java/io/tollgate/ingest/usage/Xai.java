package io.tollgate.ingest.usage;

import java.util.Optional;

/**
 * xAI.
 *
 * <p>Chat completions look like OpenAI's, but the answer's number excludes reasoning: the total is prompt, answer and
 * reasoning. In the Responses API the answer includes it, as at OpenAI. Cached tokens are part of the prompt in both.
 * The prompt of a response is the sum over the steps that its tools took; {@code context_details.input_tokens} is what
 * the model had before it. {@code num_sources_used} counts pages that a live search returned, each billed;
 * {@code num_server_side_tools_used} counts calls of tools on xAI's side. {@code cost_in_usd_ticks} is what xAI asks for
 * it, and none of our business. Source: xAI docs, "Chat Completions", "Responses API", "Tool Usage Details", "Live
 * Search".
 */
final class Xai {

    private Xai() {}

    static void chat(Body usage, Sheet sheet) throws Refusal {
        long prompt = usage.required("prompt_tokens");
        Optional<Long> total = usage.amount("total_tokens");
        long answer = Inclusive.answer(usage, "completion_tokens", total);
        Body details = usage.part("prompt_tokens_details");
        Inclusive.prompt(usage.at("prompt_tokens"), prompt, details, Inclusive.cached(details), sheet);
        long reasoning = Inclusive.answerBesideReasoning(
                usage.at("completion_tokens"), answer, usage.part("completion_tokens_details"), sheet);
        if (total.isPresent()) {
            new Parts()
                    .and("prompt_tokens", prompt)
                    .and("completion_tokens", answer)
                    .and("reasoning_tokens", reasoning)
                    .make(usage.at("total_tokens"), total.get());
        }
        tools(usage, sheet);
    }

    static void responses(Body usage, Sheet sheet) throws Refusal {
        OpenAi.responses(usage, sheet);
        Body context = usage.part("context_details");
        context.ignore("output_tokens");
        Optional<Long> last = context.amount("input_tokens");
        if (last.isPresent()) {
            new Parts()
                    .and("context_details.input_tokens", last.get())
                    .within(usage.at("input_tokens"), sheet.contextTokens());
            sheet.context(last.get());
        }
        tools(usage, sheet);
    }

    private static void tools(Body usage, Sheet sheet) throws Refusal {
        usage.ignore("cost_in_usd_ticks");
        Body details = usage.part("server_side_tool_usage_details");
        long searches = new Parts()
                .and("web_search_calls", details.amountOrZero("web_search_calls"))
                .and("x_search_calls", details.amountOrZero("x_search_calls"))
                .sum();
        long others = new Parts()
                .and("code_interpreter_calls", details.amountOrZero("code_interpreter_calls"))
                .and("file_search_calls", details.amountOrZero("file_search_calls"))
                .and("mcp_calls", details.amountOrZero("mcp_calls"))
                .and("document_search_calls", details.amountOrZero("document_search_calls"))
                .and("image_generation_calls", details.amountOrZero("image_generation_calls"))
                .sum();
        Parts told = new Parts().and("searches", searches).and("other calls", others);
        long calls = usage.amount("num_server_side_tools_used").orElse(told.sum());
        // A tool that has no name here yet is a call all the same.
        long unnamed = told.within(usage.at("num_server_side_tools_used"), calls);
        sheet.add("search_queries", searches)
                .add("tool_calls", others + unnamed)
                .add("search_sources", usage.amountOrZero("num_sources_used"));
    }
}
