package io.tollgate.invoicing.pricing;

import static io.tollgate.invoicing.Fixtures.BEGINNING;
import static io.tollgate.invoicing.Fixtures.USD;
import static org.assertj.core.api.Assertions.assertThat;

import io.tollgate.invoicing.usage.Product;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** Laws of matching. Words are short and of few letters, so that patterns meet often; seeds are printed on failure. */
class MatchProperties {

    private static final int DAY = 86_400;

    @Property(tries = 3_000)
    void aGlobIsTheRegularExpressionWithAnythingForItsStars(@ForAll long seed) {
        Random random = new Random(seed);
        String glob = word(random, "ab*", 6);
        String text = word(random, "ab", 8);

        assertThat(Glob.covers(glob, text)).isEqualTo(regex(glob).matcher(text).matches());
    }

    @Property(tries = 300)
    void globsOverlapIfAndOnlyIfSomeTextFitsBoth(@ForAll long seed) {
        Random random = new Random(seed);
        String one = word(random, "ab*", 4);
        String other = word(random, "ab*", 4);
        boolean some = texts(8).stream().anyMatch(text -> Glob.covers(one, text) && Glob.covers(other, text));

        assertThat(Glob.overlap(one, other)).as(one + " and " + other).isEqualTo(some);
        assertThat(Glob.overlap(other, one)).isEqualTo(some);
    }

    @Property(tries = 300)
    void aGlobCoversAnotherIfAndOnlyIfAllTextsOfThatOneFitIt(@ForAll long seed) {
        Random random = new Random(seed);
        String wide = word(random, "ab*", 4);
        String narrow = word(random, "ab*", 4);
        // A letter that is in neither stands for all that their letters do not say.
        boolean all = Stream.concat(
                        Stream.of(narrow.replace('*', 'c')),
                        texts(6).stream()
                                .flatMap(text -> Stream.of(text, text.replace('a', 'c'), text + "c", "c" + text)))
                .filter(text -> Glob.covers(narrow, text))
                .allMatch(text -> Glob.covers(wide, text));

        assertThat(Glob.covers(wide, narrow)).as(wide + " and " + narrow).isEqualTo(all);
    }

    /** The reason for the check: no bill ever asks which of two prices is meant. */
    @Property(tries = 2_000)
    void inABookThatMayBePublishedNoProductMeetsATie(@ForAll long seed) {
        Random random = new Random(seed);
        PriceBookDraft book = book(random);
        if (!PublicationCheck.refusals(book).isEmpty()) {
            return;
        }
        CardIndex index = new CardIndex(book.cards());
        for (int i = 0; i < 60; i++) {
            Product product = product(random);
            Instant instant = BEGINNING.plusSeconds((long) random.nextInt(8) * DAY);
            assertThat(index.best(product, "m", instant))
                    .as("%s at %s in %s", product, instant, book.cards())
                    .hasSizeLessThanOrEqualTo(1);
        }
    }

    /** An independent reckoning, without the index. */
    @Property(tries = 1_000)
    void theIndexFindsWhatLookingThroughAllCardsFinds(@ForAll long seed) {
        Random random = new Random(seed);
        PriceBookDraft book = book(random);
        CardIndex index = new CardIndex(book.cards());
        Product product = product(random);
        Instant instant = BEGINNING.plusSeconds((long) random.nextInt(8) * DAY);
        List<RateCard> matching = book.cards().stream()
                .filter(card -> card.effectiveAt(instant)
                        && card.prices().containsKey("m")
                        && card.match().matches(product))
                .toList();
        Optional<Specificity> most =
                matching.stream().map(card -> card.match().specificity()).max(Specificity::compareTo);

        assertThat(index.best(product, "m", instant))
                .containsExactlyInAnyOrderElementsOf(matching.stream()
                        .filter(card -> most.equals(Optional.of(card.match().specificity())))
                        .toList());
    }

    /** The other half of the check: it refuses for a reason, which a book of exact values always shows. */
    @Property(tries = 500)
    void aBookOfExactValuesIsRefusedOnlyIfAProductMeetsATie(@ForAll long seed) {
        Random random = new Random(seed);
        PriceBookDraft book = exact(book(random));
        boolean tie = false;
        CardIndex index = new CardIndex(book.cards());
        for (String provider : List.of("a", "b", "ab", "ba", "")) {
            for (String model : List.of("a", "b", "ab", "ba", "")) {
                for (String region : List.of("a", "b", "ab", "ba", "")) {
                    for (int day = 0; day < 8; day++) {
                        Product product = new Product(provider, model, "", region, "", "", "", 0);
                        Instant instant = BEGINNING.plusSeconds((long) day * DAY);
                        tie |= index.best(product, "m", instant).size() > 1
                                || index.best(product, "other", instant).size() > 1;
                    }
                }
            }
        }
        boolean refused = PublicationCheck.refusals(book).stream()
                .anyMatch(refusal -> refusal.code().equals("price_tie"));

        assertThat(tie).isEqualTo(refused);
    }

    private static PriceBookDraft book(Random random) {
        List<RateCard> cards = new ArrayList<>();
        for (int i = random.nextInt(7); i >= 0; i--) {
            Map<ProductDimension, String> named = new EnumMap<>(ProductDimension.class);
            for (ProductDimension dimension :
                    List.of(ProductDimension.PROVIDER, ProductDimension.MODEL, ProductDimension.REGION)) {
                String value = word(random, "ab*", 3);
                if (random.nextInt(3) > 0 && value.matches(".*[ab].*")) {
                    named.put(dimension, value);
                }
            }
            Instant from = BEGINNING.plusSeconds((long) random.nextInt(4) * DAY);
            Optional<Instant> to = random.nextBoolean()
                    ? Optional.empty()
                    : Optional.of(from.plusSeconds((long) (1 + random.nextInt(4)) * DAY));
            cards.add(new RateCard(
                    "card " + i,
                    Match.of(named),
                    new TreeMap<>(
                            Map.of(random.nextInt(5) == 0 ? "other" : "m", MeterPrice.of(UnitPrice.of("1." + i, 1)))),
                    from,
                    to));
        }
        return new PriceBookDraft("random", USD, BEGINNING, cards);
    }

    /** With stars for letters, of which there are two. */
    private static PriceBookDraft exact(PriceBookDraft book) {
        return new PriceBookDraft(
                book.name(),
                book.currency(),
                book.effectiveFrom(),
                book.cards().stream()
                        .map(card -> new RateCard(
                                card.name(),
                                Match.of(card.match().named().entrySet().stream()
                                        .collect(Collectors.toMap(
                                                Map.Entry::getKey,
                                                entry -> entry.getValue()
                                                        .replace("*", "")
                                                        .substring(0, 1)))),
                                card.prices(),
                                card.effectiveFrom(),
                                card.effectiveTo()))
                        .toList());
    }

    private static Product product(Random random) {
        return new Product(
                word(random, "ab", 4), word(random, "ab", 4), "", word(random, "ab", 4), "chat", "", "success", 0);
    }

    private static String word(Random random, String letters, int longest) {
        StringBuilder word = new StringBuilder();
        for (int i = random.nextInt(longest + 1); i > 0; i--) {
            word.append(letters.charAt(random.nextInt(letters.length())));
        }
        return word.toString();
    }

    private static Pattern regex(String glob) {
        return Pattern.compile(glob.replace("*", ".*"));
    }

    /** All words of two letters up to that length. */
    private static List<String> texts(int longest) {
        List<String> texts = new ArrayList<>(List.of(""));
        for (int from = 0, length = 1; length <= longest; length++) {
            int to = texts.size();
            for (int i = from; i < to; i++) {
                texts.add(texts.get(i) + "a");
                texts.add(texts.get(i) + "b");
            }
            from = to;
        }
        return texts;
    }
}
