package io.tollgate.invoicing.pricing;

import io.tollgate.invoicing.usage.Window;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** Finds what stands in the way of publishing a price book, so that no question is left for the day of billing. */
public final class PublicationCheck {

    /**
     * Why a book cannot be published.
     *
     * @param code stable: {@code not_on_window_boundary}, {@code price_tie}, {@code duplicate_card}
     * @param detail for people
     */
    public record Refusal(String code, String detail) {}

    private PublicationCheck() {}

    /** Empty when the book may be published. */
    public static List<Refusal> refusals(PriceBookDraft book) {
        Set<Refusal> refusals = new LinkedHashSet<>();
        offTheGrid(book, refusals);
        ties(book, refusals);
        // A tie says more than that two cards share their derived name.
        if (refusals.isEmpty()) {
            sharedNames(book, refusals);
        }
        return List.copyOf(refusals);
    }

    private static void offTheGrid(PriceBookDraft book, Set<Refusal> refusals) {
        if (!Window.startsAt(book.effectiveFrom())) {
            refusals.add(offTheGrid("book " + book.name(), book.effectiveFrom()));
        }
        for (RateCard card : book.cards()) {
            for (Instant instant : instants(card)) {
                if (!Window.startsAt(instant)) {
                    refusals.add(offTheGrid("rate card " + card.name(), instant));
                }
            }
        }
    }

    private static Refusal offTheGrid(String what, Instant instant) {
        return new Refusal(
                "not_on_window_boundary",
                what + " takes effect or ends at " + instant + ", which is not on a 15-minute boundary");
    }

    private static void sharedNames(PriceBookDraft book, Set<Refusal> refusals) {
        Set<String> names = new HashSet<>();
        for (RateCard card : book.cards()) {
            if (!names.add(card.name())) {
                refusals.add(new Refusal(
                        "duplicate_card",
                        "two rate cards are named \"" + card.name()
                                + "\": an invoice could not say which one it used"));
            }
        }
    }

    /**
     * Two cards tie when they name equally many dimensions, some product matches both, both price a meter at the same
     * time, and no more specific card settles all of the products that match both.
     */
    private static void ties(PriceBookDraft book, Set<Refusal> refusals) {
        TreeMap<String, List<RateCard>> byMeter = new TreeMap<>();
        for (RateCard card : book.cards()) {
            for (String meter : card.prices().keySet()) {
                byMeter.computeIfAbsent(meter, key -> new ArrayList<>()).add(card);
            }
        }
        byMeter.forEach((meter, cards) -> {
            for (int i = 0; i < cards.size(); i++) {
                for (RateCard other : cards.subList(i + 1, cards.size())) {
                    RateCard one = cards.get(i);
                    if (tie(one, other, cards)) {
                        refusals.add(new Refusal(
                                "price_tie",
                                "rate cards \"" + one.name() + "\" and \"" + other.name() + "\" both price " + meter
                                        + " with equally many dimensions named"));
                    }
                }
            }
        });
    }

    private static boolean tie(RateCard one, RateCard other, List<RateCard> cards) {
        if (one.match().specificity() != other.match().specificity()
                || !one.match().overlaps(other.match())) {
            return false;
        }
        SortedSet<Instant> changes = new TreeSet<>();
        cards.forEach(card -> changes.addAll(instants(card)));
        return changes.stream()
                .filter(instant -> one.effectiveAt(instant) && other.effectiveAt(instant))
                .anyMatch(instant -> cards.stream()
                        .noneMatch(card -> card.effectiveAt(instant)
                                && card.match().specificity() > one.match().specificity()
                                && card.match().coversBoth(one.match(), other.match())));
    }

    private static List<Instant> instants(RateCard card) {
        List<Instant> instants = new ArrayList<>(List.of(card.effectiveFrom()));
        card.effectiveTo().ifPresent(instants::add);
        return instants;
    }
}
