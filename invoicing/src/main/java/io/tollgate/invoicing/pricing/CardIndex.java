package io.tollgate.invoicing.pricing;

import io.tollgate.invoicing.usage.Product;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The rate cards of one book, found by what they match. Most cards of a large book name a model, so only those that name
 * this one are looked at, and those that name none or a pattern; of these again only what can be the provider's.
 */
final class CardIndex {

    private final Map<String, List<RateCard>> ofModel = new HashMap<>();
    private final Map<String, List<RateCard>> ofProvider = new HashMap<>();
    private final List<RateCard> open = new ArrayList<>();

    CardIndex(Collection<RateCard> cards) {
        for (RateCard card : cards) {
            Optional<String> model = card.match().exactly(ProductDimension.MODEL);
            Optional<String> provider = card.match().exactly(ProductDimension.PROVIDER);
            if (model.isPresent()) {
                ofModel.computeIfAbsent(model.get(), key -> new ArrayList<>()).add(card);
            } else if (provider.isPresent()) {
                ofProvider
                        .computeIfAbsent(provider.get(), key -> new ArrayList<>())
                        .add(card);
            } else {
                open.add(card);
            }
        }
    }

    /**
     * The cards that price the use: the most specific of those that match and price the meter. One, or none; more only in a
     * book that {@link PublicationCheck} refuses.
     */
    List<RateCard> best(Product product, String meter, Instant instant) {
        List<RateCard> best = new ArrayList<>();
        for (List<RateCard> cards : List.of(
                ofModel.getOrDefault(product.model(), List.of()),
                ofProvider.getOrDefault(product.provider(), List.of()),
                open)) {
            for (RateCard card : cards) {
                if (card.effectiveAt(instant)
                        && card.priceOf(meter).isPresent()
                        && card.match().matches(product)) {
                    keepBest(best, card);
                }
            }
        }
        return best;
    }

    private static void keepBest(List<RateCard> best, RateCard card) {
        int order = best.isEmpty()
                ? 1
                : card.match().specificity().compareTo(best.get(0).match().specificity());
        if (order > 0) {
            best.clear();
        }
        if (order >= 0) {
            best.add(card);
        }
    }

    /** Those that name the model, and all that name none exactly: whatever may have a product in common with such a card. */
    List<RateCard> near(Optional<String> model) {
        List<RateCard> near = new ArrayList<>(open);
        ofProvider.values().forEach(near::addAll);
        model.ifPresent(name -> near.addAll(ofModel.getOrDefault(name, List.of())));
        return near;
    }
}
