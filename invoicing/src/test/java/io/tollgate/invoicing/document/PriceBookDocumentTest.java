package io.tollgate.invoicing.document;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tollgate.invoicing.pricing.PriceBookDraft;
import io.tollgate.invoicing.pricing.PublicationCheck;
import org.junit.jupiter.api.Test;

class PriceBookDocumentTest {

    private static final String BOOK = """
            {"name":"list","currency":"USD","effectiveFrom":"2020-01-01T00:00:00Z","cards":[
              {"match":{"provider":"openai","model":"gpt-4o"},
               "prices":{"input_tokens":{"amount":"2.50","per":1000000},"output_tokens":{"amount":"10.00","per":1000000}}},
              {"prices":{"requests":{"amount":"0.001"}},"effectiveTo":"2024-01-01T00:00:00Z"}]}
            """;

    @Test
    void aBookIsReadAndWhatIsLeftOutIsDerived() {
        PriceBookDraft book = read(BOOK);

        assertThat(PublicationCheck.refusals(book)).isEmpty();
        assertThat(book.cards())
                .extracting(card -> card.name() + ": " + card.prices() + " from " + card.effectiveFrom())
                .containsExactly(
                        "any: {requests=0.001 per 1} from 2020-01-01T00:00:00Z",
                        "provider=openai model=gpt-4o: {input_tokens=2.5 per 1000000, output_tokens=10 per 1000000}"
                                + " from 2020-01-01T00:00:00Z");
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
        assertRefused(BOOK.replace("{\"amount\":\"0.001\"}", "null"), "requests");
        assertRefused("{}", "name");
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
