package io.tollgate.invoicing.document;

import static io.tollgate.invoicing.Fixtures.BEGINNING;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.tollgate.invoicing.pricing.MeterPrice;
import io.tollgate.invoicing.pricing.PriceBookDraft;
import io.tollgate.invoicing.pricing.PublicationCheck;
import io.tollgate.invoicing.pricing.RateCard;
import io.tollgate.invoicing.pricing.UnitPrice;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PriceBookDocumentTest {

    private static final String BOOK = """
            {"name":"list","currency":"USD","effectiveFrom":"2020-01-01T00:00:00Z","cards":[
              {"match":{"provider":"openai","model":"gpt-4o"},
               "prices":{"input_tokens":{"amount":"2.50","per":1000000},"output_tokens":{"amount":"10.00","per":1000000}}},
              {"prices":{"requests":{"amount":"0.001","per":1}},"effectiveTo":"2024-01-01T00:00:00Z"}]}
            """;

    @Test
    void aBookIsReadAndWhatIsLeftOutIsDerived() {
        PriceBookDraft book = read(BOOK);

        assertThat(PublicationCheck.refusals(book)).isEmpty();
        assertThat(book.cards())
                .extracting(RateCard::name, RateCard::prices, RateCard::effectiveFrom)
                .containsExactly(
                        tuple("any", Map.of("requests", perUnit("0.001", 1)), BEGINNING),
                        tuple(
                                "provider=openai model=gpt-4o",
                                Map.of(
                                        "input_tokens", perUnit("2.5", 1_000_000),
                                        "output_tokens", perUnit("10", 1_000_000)),
                                BEGINNING));
    }

    @Test
    void aBookReadBackIsTheSameBook() {
        PriceBookDraft book = read(BOOK);
        String written = CanonicalJson.write(PriceBookDocument.of(book));

        assertThat(read(written)).isEqualTo(book);
        assertThat(CanonicalJson.write(PriceBookDocument.of(read(written)))).isEqualTo(written);
    }

    @Test
    void mistakesAreNamed() {
        assertRefused(BOOK.replace("provider", "vendor"), "vendor");
        assertRefused(BOOK.replace("2.50", "2,50"), "input_tokens");
        assertRefused(BOOK.replace("2.50", "-2.50"), "input_tokens");
        assertRefused(BOOK.replace("\"per\":1000000", "\"per\":3"), "per 3");
        assertRefused(BOOK.replace("USD", "DOLLAR"), "DOLLAR");
        assertRefused(BOOK.replace("\"cards\"", "\"card\""), "card");
        assertRefused(BOOK.replace("\"gpt-4o\"", "null"), "model");
        assertRefused(BOOK.replace("{\"amount\":\"0.001\",\"per\":1}", "null"), "requests");
        assertRefused(BOOK.replace(",\"per\":1}", "}"), "per");
        assertRefused(BOOK.replace("\"per\":1}", "\"per\":null}"), "\"per\" is missing");
        assertRefused("{}", "name");
    }

    private static MeterPrice perUnit(String amount, long per) {
        return MeterPrice.of(UnitPrice.of(amount, per));
    }

    private static void assertRefused(String json, String named) {
        assertThatThrownBy(() -> read(json))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(named);
    }

    private static PriceBookDraft read(String json) {
        return CanonicalJson.read(json, PriceBookDocument.class).toDraft();
    }
}
