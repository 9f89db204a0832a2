package io.tollgate.invoicing.http;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.swagger.v3.oas.annotations.media.Schema;
import io.tollgate.invoicing.document.PriceDocument;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;

/**
 * What is asked for a quote: quantities, and either a price with its currency or a price book.
 *
 * @param price of every meter asked about
 * @param currency of that price, a code of ISO 4217
 * @param book name of a price book
 * @param version of the book; when absent, the one in force
 * @param at when the usage is thought to happen: a date (its midnight in UTC) or a time of RFC 3339; now when absent, or
 *     when the named version takes effect if that is later
 * @param usage of one tenant in one billing period
 */
@Schema(name = "QuoteRequest")
public record QuoteRequest(
        Optional<PriceDocument> price,
        Optional<String> currency,
        Optional<String> book,
        Optional<Integer> version,
        Optional<String> at,
        @JsonProperty(required = true) List<Usage> usage) {

    /**
     * Use of one product. Dimensions that are absent are empty, as usage that does not tell them.
     *
     * @param quantities meter to quantity, whole numbers as strings
     */
    @Schema(name = "QuotedUsage")
    public record Usage(
            Optional<String> provider,
            Optional<String> model,
            Optional<String> acceleratorType,
            Optional<String> region,
            Optional<String> operation,
            Optional<String> serviceTier,
            Optional<String> outcome,
            Optional<Long> contextBand,
            @JsonProperty(required = true) SortedMap<String, String> quantities) {}
}
