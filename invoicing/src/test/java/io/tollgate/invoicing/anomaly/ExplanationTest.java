package io.tollgate.invoicing.anomaly;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.tollgate.invoicing.anomaly.Explanation.Presence;
import io.tollgate.invoicing.usage.Product;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.List;
import org.junit.jupiter.api.Test;

class ExplanationTest {

    private static final Product SMALL = product("small");
    private static final Product LARGE = product("large");

    private static Product product(String model) {
        return new Product("openai", model, "", "", "chat", "standard", "success", 0);
    }

    private static Consumption used(Product product, String meter, long quantity, String cost) {
        return new Consumption(product, meter, BigInteger.valueOf(quantity), new BigDecimal(cost));
    }

    private static void assertParts(Explanation explanation, String volume, String mix, String cacheHit, String price) {
        assertThat(List.of(
                        explanation.parts().volume(),
                        explanation.parts().mix(),
                        explanation.parts().cacheHit(),
                        explanation.parts().price()))
                .usingElementComparator(BigDecimal::compareTo)
                .containsExactly(
                        new BigDecimal(volume), new BigDecimal(mix), new BigDecimal(cacheHit), new BigDecimal(price));
    }

    /**
     * By hand. Before: 100 fresh at 4 and 100 cached at 1 of the small model, 200 out at 10, so 2,500. After: 600 tokens,
     * so k = 1.5 and 3,750 at the old mix. 300 prompt tokens in the old halves and 300 out are 150·4 + 150·1 + 300·10 =
     * 3,750; with 100 fresh and 200 cached 3,600; and as fresh now costs 5 and the rest what it did, 3,700.
     */
    @Test
    void eachPartIsWhatItsSubstitutionChanges() {
        Explanation explanation = Explanation.of(
                List.of(
                        used(SMALL, "input_tokens", 100, "400"),
                        used(SMALL, "cache_read_tokens", 100, "100"),
                        used(SMALL, "output_tokens", 200, "2000")),
                List.of(
                        used(SMALL, "input_tokens", 100, "500"),
                        used(SMALL, "cache_read_tokens", 200, "200"),
                        used(SMALL, "output_tokens", 300, "3000")));
        assertThat(explanation.difference()).isEqualByComparingTo("1200");
        assertParts(explanation, "1250", "0", "-150", "100");
    }

    @Test
    void aNewModelAndOneThatIsGoneAreMix() {
        Explanation explanation = Explanation.of(
                List.of(used(SMALL, "input_tokens", 100, "1"), used(SMALL, "output_tokens", 50, "2")),
                List.of(used(LARGE, "input_tokens", 100, "10"), used(LARGE, "output_tokens", 50, "20")));
        assertParts(explanation, "0", "27", "0", "0");
        assertThat(explanation.products())
                .extracting(Explanation.OfProduct::product, Explanation.OfProduct::presence)
                .containsExactly(tuple(LARGE, Presence.NEW), tuple(SMALL, Presence.GONE));
    }

    @Test
    void aCacheUsedForTheFirstTimeIsCacheHits() {
        assertParts(
                Explanation.of(
                        List.of(used(SMALL, "input_tokens", 100, "400")),
                        List.of(used(SMALL, "input_tokens", 40, "160"), used(SMALL, "cache_read_tokens", 60, "60"))),
                "0",
                "0",
                "-180",
                "0");
    }

    @Test
    void afterADayOfNothingAllIsVolume() {
        List<Consumption> day = List.of(used(SMALL, "input_tokens", 3, "1"));
        assertParts(Explanation.of(List.of(), day), "1", "0", "0", "0");
        assertParts(Explanation.of(day, List.of()), "-1", "0", "0", "0");
        assertParts(Explanation.of(List.of(), List.of()), "0", "0", "0", "0");
    }

    @Test
    void imagesAndTokensAreNotAddedToEachOther() {
        assertParts(
                Explanation.of(
                        List.of(used(SMALL, "input_tokens", 1_000_000, "5"), used(LARGE, "images", 10, "20")),
                        List.of(used(SMALL, "input_tokens", 1_000_000, "5"), used(LARGE, "images", 15, "30"))),
                "10",
                "0",
                "0",
                "0");
    }

    @Test
    void aFeeWithoutAQuantityIsPrice() {
        assertParts(
                Explanation.of(
                        List.of(used(SMALL, "input_tokens", 10, "5"), used(SMALL, "requests", 0, "1")),
                        List.of(used(SMALL, "input_tokens", 10, "5"), used(SMALL, "requests", 0, "4"))),
                "0",
                "0",
                "0",
                "3");
    }

    @Test
    void whatCancelsOutIsStillTold() {
        Explanation explanation = Explanation.of(
                List.of(used(SMALL, "input_tokens", 100, "10")), List.of(used(SMALL, "input_tokens", 200, "10")));
        assertParts(explanation, "10", "0", "0", "-10");
        assertThat(explanation.products()).hasSize(1);
    }

    @Test
    void thirdsLeaveNothingOver() {
        Explanation explanation = Explanation.of(
                List.of(used(SMALL, "input_tokens", 3, "1"), used(LARGE, "input_tokens", 4, "1")),
                List.of(used(SMALL, "input_tokens", 7, "2"), used(LARGE, "input_tokens", 9, "5")));
        assertThat(explanation.parts().sum()).isEqualByComparingTo("5");
        assertThat(explanation.parts().volume()).isEqualByComparingTo("2.5714285714");
    }
}
