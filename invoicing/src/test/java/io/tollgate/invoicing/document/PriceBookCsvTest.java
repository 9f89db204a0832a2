package io.tollgate.invoicing.document;

import static io.tollgate.invoicing.Fixtures.BEGINNING;
import static io.tollgate.invoicing.Fixtures.USD;
import static io.tollgate.invoicing.Fixtures.card;
import static io.tollgate.invoicing.Fixtures.gpt4oCard;
import static io.tollgate.invoicing.Fixtures.match;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tollgate.invoicing.pricing.FlatFee;
import io.tollgate.invoicing.pricing.PriceBookDraft;
import io.tollgate.invoicing.pricing.RateCard;
import io.tollgate.invoicing.pricing.UnitPrice;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PriceBookCsvTest {

    private static final Instant LATER = Instant.parse("2024-01-01T00:00:00Z");

    private static final PriceBookDraft BOOK = new PriceBookDraft(
            "list",
            USD,
            BEGINNING,
            List.of(
                    new RateCard(
                            "provider=openai model=gpt-4o",
                            match("provider", "openai", "model", "gpt-4o"),
                            new TreeMap<>(gpt4oCard().prices()),
                            BEGINNING,
                            Optional.empty()),
                    new RateCard(
                            "promotion, \"new\"",
                            match("model", "gpt-4o*", "contextBand", "200000"),
                            new TreeMap<>(gpt4oCard().prices()),
                            LATER,
                            Optional.of(LATER.plusSeconds(900))),
                    card(
                            match(),
                            Map.of("images", UnitPrice.of("0.012345678901234567890123", 1)),
                            LATER,
                            Optional.empty())));

    @Test
    void aBookIsTheSameAfterItWasATable() {
        String csv = PriceBookCsv.write(BOOK);

        assertThat(PriceBookCsv.read(csv).toDraft()).isEqualTo(BOOK);
        assertThat(PriceBookCsv.read("\uFEFF" + csv.replace("\r\n", "\n")).toDraft())
                .isEqualTo(BOOK);
        assertThat(PriceBookCsv.write(PriceBookCsv.read(csv).toDraft())).isEqualTo(csv);
        assertThat(csv.lines().toList())
                .contains(
                        "book,currency,effectiveFrom,card,cardFrom,cardTo,provider,model,acceleratorType,region,operation,"
                                + "serviceTier,outcome,contextBand,meter,amount,per",
                        "list,USD,2020-01-01T00:00:00Z,,,,openai,gpt-4o,,,,,,,input_tokens,2.50,1000000")
                .hasSize(6);
    }

    @Test
    void theBriefDocumentIsTheSameBook() {
        assertThat(PriceBookDocument.brief(BOOK).toDraft()).isEqualTo(BOOK);
        assertThat(CanonicalJson.write(PriceBookDocument.brief(BOOK)))
                .contains("{\"match\":{\"model\":\"gpt-4o\",\"provider\":\"openai\"},\"prices\":");
    }

    @Test
    void whatATableCannotHoldIsSaidAndNotWritten() {
        PriceBookDraft book = new PriceBookDraft(
                "list",
                USD,
                BEGINNING,
                List.of(
                        card(match("region", ""), Map.of("images", UnitPrice.of("1", 1))),
                        card(match("model", "m"), Map.of("requests", new FlatFee(BigDecimal.ONE)))));

        assertThat(PriceBookCsv.notHeld(book)).hasSize(2);
        assertThat(PriceBookCsv.notHeld(book).toString()).contains("empty region", "requests", "model=m");
        assertThatThrownBy(() -> PriceBookCsv.write(book)).isInstanceOf(IllegalArgumentException.class);
        assertThat(PriceBookCsv.notHeld(new PriceBookDraft("list", USD, BEGINNING, List.of())))
                .hasSize(1);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "book,currency,effectiveFrom,meter,amount,per|there is no row",
                "book,currency,effectiveFrom,meter,amount,per~list,USD,2020-01-01T00:00:00Z,m,1|line 2: ",
                "book,currency,effectiveFrom,meter,amount,per~list,USD,2020-01-01T00:00:00Z,m,cheap,1|line 2: the price of m",
                "book,currency,effectiveFrom,meter,amount,per~list,USD,2020-01-01T00:00:00Z,m,1,x|line 2: per must be",
                "book,currency,effectiveFrom,meter,amount,per~list,USD,2020-01-01T00:00:00Z,m,1,3|exact decimal",
                "book,currency,effectiveFrom,meter,amount,per~list,USD,2020-01-01T00:00:00Z,m,1,|line 2: per is missing",
                "book,currency,effectiveFrom,meter,amount,per,modle~list,USD,2020-01-01T00:00:00Z,m,1,1,x|no column \"modle\"",
                "book,currency,effectiveFrom,meter,amount,per~l,USD,2020-01-01T00:00:00Z,m,1,1"
                        + "~o,USD,2020-01-01T00:00:00Z,n,1,1|line 3: a table is of one book",
                "book,currency,effectiveFrom,meter,amount,per~l,USD,2020-01-01T00:00:00Z,m,1,1"
                        + "~l,USD,2020-01-01T00:00:00Z,m,2,1|line 3: the same card prices m twice",
                "book,currency,effectiveFrom,meter,amount,per~l,USD,yesterday,m,1,1|an instant reads"
            })
    void aTableThatMakesNoSenseIsRefusedWithItsLine(String table, String message) {
        assertThatThrownBy(() -> PriceBookCsv.read(table.replace('~', '\n')))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(message);
    }
}
