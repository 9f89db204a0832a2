package io.tollgate.invoicing.pricing;

import java.math.BigDecimal;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Comparator;
import java.util.Currency;
import java.util.List;

/**
 * A price book that is not published yet, so that nothing is billed by it.
 *
 * @param name letters, digits, {@code . _ -}, at most 64, starting with a letter or digit
 * @param effectiveFrom first instant that it applies at; the book's versions before it apply until then
 * @param cards kept in order of their names
 */
public record PriceBookDraft(String name, Currency currency, Instant effectiveFrom, List<RateCard> cards) {

    private static final int YEAR_MAX = 9999;

    public PriceBookDraft {
        if (!canBeNamed(name)) {
            throw new IllegalArgumentException("a price book cannot be named \"" + name + "\"");
        }
        if (currency.getDefaultFractionDigits() < 0) {
            throw new IllegalArgumentException("nothing can be billed in " + currency);
        }
        int year = effectiveFrom.atOffset(ZoneOffset.UTC).getYear();
        if (year < 1 || year > YEAR_MAX) {
            throw new IllegalArgumentException("effectiveFrom must be in the years 1 to 9999, not in " + year);
        }
        // Books that differ in the order of their cards say the same, and must be equal.
        cards = cards.stream()
                .sorted(Comparator.comparing(RateCard::name).thenComparing(RateCard::effectiveFrom))
                .toList();
    }

    /** Whether a book can have the name. */
    public static boolean canBeNamed(String name) {
        return name.matches("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");
    }

    /** A book of another name at prices that are so many times as high, exactly; it takes effect when this one does. */
    public PriceBookDraft times(BigDecimal factor, String newName) {
        return new PriceBookDraft(
                newName,
                currency,
                effectiveFrom,
                cards.stream().map(card -> card.times(factor)).toList());
    }

    /**
     * The book as if it took effect at another instant. If that is earlier, what the book says at its start holds from
     * then; if it is later, what would have ended by then is left out.
     */
    public PriceBookDraft startingAt(Instant instant) {
        Instant pivot = instant.isAfter(effectiveFrom) ? instant : effectiveFrom;
        return new PriceBookDraft(
                name,
                currency,
                instant,
                cards.stream()
                        .filter(card -> card.effectiveTo().map(pivot::isBefore).orElse(true))
                        .map(card -> card.effectiveFrom().isAfter(pivot) ? card : card.startingAt(instant))
                        .toList());
    }

    /** The published book. What stands in the way of it is told by {@link PublicationCheck}. */
    public PriceBook published(int version) {
        return new PriceBook(this, version);
    }
}
