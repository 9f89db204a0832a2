package io.tollgate.invoicing.http;

import io.swagger.v3.oas.annotations.media.Schema;
import io.tollgate.invoicing.document.PriceBookDocument;
import io.tollgate.invoicing.postgres.SavedDraft;
import io.tollgate.invoicing.pricing.PublicationCheck.Refusal;
import java.time.Instant;
import java.util.List;

/**
 * The draft of a price book's next version.
 *
 * @param revision greater each time that it is saved
 * @param refusals what stands in the way of publishing it now; empty if nothing does
 */
@Schema(name = "PriceBookDraft")
public record DraftAnswer(
        String name,
        long revision,
        Instant savedAt,
        String currency,
        Instant effectiveFrom,
        List<DraftRefusal> refusals,
        List<PriceBookDocument.Card> cards) {

    /**
     * Why the draft cannot be published.
     *
     * @param code stable: {@code price_tie}, {@code not_on_window_boundary}, {@code duplicate_card},
     *     {@code currency_change}
     * @param detail a sentence
     */
    @Schema(name = "PriceBookRefusal")
    public record DraftRefusal(String code, String detail) {}

    static DraftAnswer of(SavedDraft draft, List<Refusal> refusals) {
        PriceBookDocument book = PriceBookDocument.of(draft.content());
        return new DraftAnswer(
                book.name(),
                draft.revision(),
                draft.savedAt(),
                book.currency(),
                book.effectiveFrom(),
                refusals.stream()
                        .map(refusal -> new DraftRefusal(refusal.code(), refusal.detail()))
                        .toList(),
                book.cards());
    }
}
