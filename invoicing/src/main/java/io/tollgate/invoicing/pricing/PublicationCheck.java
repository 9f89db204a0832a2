package io.tollgate.invoicing.pricing;

import io.tollgate.invoicing.usage.Window;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/** Finds what stands in the way of publishing a price book, so that no question is left for the day of billing. */
public final class PublicationCheck {

    /** Whoever has so many has more than he reads; a book of nothing but ties would have millions. */
    private static final int REFUSALS_TOLD = 100;

    /**
     * Why a book cannot be published.
     *
     * @param code stable: {@code not_on_window_boundary}, {@code price_tie}, {@code duplicate_card}
     * @param detail for people
     */
    public record Refusal(String code, String detail) {}

    private PublicationCheck() {}

    /** Empty when the book may be published. Of many refusals only the first are told. */
    public static List<Refusal> refusals(PriceBookDraft book) {
        Set<Refusal> refusals = new LinkedHashSet<>();
        offTheGrid(book, refusals);
        ties(book, refusals);
        // A tie says more than that two cards share their derived name.
        if (refusals.isEmpty()) {
            sharedNames(book, refusals);
        }
        return refusals.stream().limit(REFUSALS_TOLD).toList();
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
     * Two cards tie when they are equally specific, some product matches both, both price a meter at the same time, and no
     * more specific card settles all of the products that match both.
     */
    private static void ties(PriceBookDraft book, Set<Refusal> refusals) {
        CardIndex index = new CardIndex(book.cards());
        IdentityHashMap<RateCard, Integer> places = new IdentityHashMap<>();
        for (RateCard card : book.cards()) {
            places.put(card, places.size());
        }
        for (RateCard one : book.cards()) {
            List<RateCard> near = index.near(one.match().exactly(ProductDimension.MODEL));
            for (RateCard other : near) {
                if (comesFirst(one, other, places) && mayTie(one, other)) {
                    tiedMeters(one, other, index).forEach(meter -> refusals.add(tie(one, other, meter)));
                }
            }
            if (refusals.size() >= REFUSALS_TOLD) {
                return;
            }
        }
    }

    /** So that each pair is looked at once: by the card that names a model exactly, as the other does not find it. */
    private static boolean comesFirst(RateCard one, RateCard other, IdentityHashMap<RateCard, Integer> places) {
        boolean oneIsExact = one.match().exactly(ProductDimension.MODEL).isPresent();
        boolean otherIsExact = other.match().exactly(ProductDimension.MODEL).isPresent();
        return oneIsExact == otherIsExact ? places.getOrDefault(one, 0) < places.getOrDefault(other, 0) : oneIsExact;
    }

    private static boolean mayTie(RateCard one, RateCard other) {
        return one.match().specificity().equals(other.match().specificity())
                && one.match().overlaps(other.match());
    }

    private static Refusal tie(RateCard one, RateCard other, String meter) {
        boolean inOrder = one.name().compareTo(other.name()) <= 0;
        return new Refusal(
                "price_tie",
                "rate cards \"" + (inOrder ? one : other).name() + "\" and \"" + (inOrder ? other : one).name()
                        + "\" both price " + meter + ", and neither matches more narrowly");
    }

    private static SortedSet<String> tiedMeters(RateCard one, RateCard other, CardIndex index) {
        SortedSet<String> meters = new TreeSet<>(one.prices().keySet());
        meters.retainAll(other.prices().keySet());
        if (!meters.isEmpty()) {
            // If either names a model exactly, the one does.
            List<RateCard> settling = index.near(one.match().exactly(ProductDimension.MODEL)).stream()
                    .filter(card ->
                            card.match().specificity().compareTo(one.match().specificity()) > 0)
                    .filter(card -> card.match().coversBoth(one.match(), other.match()))
                    .toList();
            meters.removeIf(meter -> isSettled(one, other, meter, settling));
        }
        return meters;
    }

    /** At each instant at which both apply, as told by the starts and ends of all that matter. */
    private static boolean isSettled(RateCard one, RateCard other, String meter, List<RateCard> settling) {
        SortedSet<Instant> changes = new TreeSet<>(instants(one));
        changes.addAll(instants(other));
        settling.forEach(card -> changes.addAll(instants(card)));
        return changes.stream()
                .filter(instant -> one.effectiveAt(instant) && other.effectiveAt(instant))
                .allMatch(instant -> settling.stream()
                        .anyMatch(card ->
                                card.effectiveAt(instant) && card.priceOf(meter).isPresent()));
    }

    private static List<Instant> instants(RateCard card) {
        List<Instant> instants = new ArrayList<>(List.of(card.effectiveFrom()));
        card.effectiveTo().ifPresent(instants::add);
        return instants;
    }
}
