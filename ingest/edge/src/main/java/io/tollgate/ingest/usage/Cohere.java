package io.tollgate.ingest.usage;

import io.tollgate.emitter.rules.RejectionReason;
import java.util.List;
import java.util.Optional;

/**
 * Cohere.
 *
 * <p>{@code tokens} is what the model read and wrote, {@code billed_units} what is paid for, which is less: Cohere does
 * not bill the tokens that it adds itself. The meters are the billed units. {@code cached_tokens} is part of
 * {@code tokens.input_tokens}, not of the billed ones, so it cannot be taken off them and is no meter.
 * {@code search_units} are those of rerank: one query over up to 100 documents. There is no total. Source: Cohere API
 * reference, "Chat" and "Rerank", {@code usage} and {@code meta}.
 */
final class Cohere {

    private static final List<String> UNITS =
            List.of("input_tokens", "output_tokens", "image_tokens", "search_units", "classifications", "images");

    private Cohere() {}

    static void billedUnits(Body usage, Sheet sheet) throws Refusal {
        usage.ignore("api_version", "warnings");
        Body billed = usage.part("billed_units");
        if (UNITS.stream().noneMatch(billed::has)) {
            throw new Refusal(
                    RejectionReason.USAGE_FIELD_MISSING,
                    usage.at("billed_units") + " names none of " + String.join(", ", UNITS) + ".");
        }
        long input = billed.amountOrZero("input_tokens");
        long image = billed.amountOrZero("image_tokens");
        sheet.fresh(new Tokens(input, image, 0))
                .answer(Tokens.text(billed.amountOrZero("output_tokens")), 0)
                .add("search_queries", billed.amountOrZero("search_units"))
                .add("classifications", billed.amountOrZero("classifications"))
                .add("images", billed.amountOrZero("images"));
        Body tokens = usage.part("tokens");
        tokens.amount("output_tokens");
        Optional<Long> prompt = tokens.amount("input_tokens");
        long cached = usage.amountOrZero("cached_tokens");
        if (prompt.isPresent()) {
            new Parts().and("cached_tokens", cached).within(tokens.at("input_tokens"), prompt.get());
            sheet.context(prompt.get());
        } else {
            sheet.context(new Parts()
                    .and("input_tokens", input)
                    .and("image_tokens", image)
                    .sum());
        }
    }
}
