package io.tollgate.invoicing.document;

import static io.tollgate.invoicing.Fixtures.USD;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tollgate.invoicing.pricing.MeterPrice;
import io.tollgate.invoicing.pricing.RandomPrices;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Prices as JSON: every kind can be written, in one way only, and mistakes are named. */
class PriceDocumentTest {

    /** As an author writes them, and as they are stored and shown: the same. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'amount':'2.50','per':1000000}",
                "{'model':'flat','amount':'9.99'}",
                "{'model':'package','amount':'5.00','size':'12','included':'100'}",
                "{'model':'percentage','percent':'3.5','per':1000000}",
                "{'model':'cost_plus','multiplier':'1.2','per':1000000}",
                "{'model':'graduated','tiers':[{'upTo':'5','amount':'1.00','per':1,'flatFee':'7.00'},"
                        + "{'percent':'10','per':100},],'chargeFlatFeeAtZero':true}",
                "{'model':'volume','tiers':[{'upTo':'9','multiplier':'2','per':1},{'amount':'0.000001','per':1024}],"
                        + "'included':'3','minimum':'1.00','maximum':'2.00','family':'all-tokens'}"
            })
    void everyKindIsReadAndWrittenBackAsItWas(String single) {
        String json = single.replace('\'', '"').replace(",]", "]");

        assertThat(write(read(json))).isEqualTo(json);
    }

    @Property(tries = 500)
    void whatIsWrittenReadsBackAsTheSamePrice(@ForAll long seed) {
        MeterPrice price = RandomPrices.terms(new Random(seed));

        assertThat(read(write(price))).isEqualTo(price);
        assertThat(write(read(write(price)))).isEqualTo(write(price));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'model':'per unit','amount':'1','per':1} | there is no model \"per unit\"",
                "{'model':'flat','amount':'1','per':1} | flat has no \"per\"",
                "{'amount':'1','per':1,'size':'2'} | per_unit has no \"size\"",
                "{'amount':'1','per':1,'percent':'2'} | per_unit has no \"percent\"",
                "{'amount':'1','per':1,'multiplier':'2'} | per_unit has no \"multiplier\"",
                "{'amount':'1','per':1,'tiers':[]} | per_unit has no \"tiers\"",
                "{'amount':'1','per':1,'chargeFlatFeeAtZero':false} | per_unit has no \"chargeFlatFeeAtZero\"",
                "{'model':'percentage','amount':'1','per':1} | percentage has no \"amount\"",
                "{'model':'flat'} | \"amount\" is missing",
                "{'model':'package','amount':'1'} | \"size\" is missing",
                "{'model':'package','amount':'1','size':'0'} | size must be more than 0",
                "{'model':'percentage','per':1} | \"percent\" is missing",
                "{'model':'cost_plus','per':1} | \"multiplier\" is missing",
                "{'model':'graduated'} | \"tiers\" is missing",
                "{'model':'graduated','tiers':[]} | needs a tier",
                "{'model':'graduated','tiers':[null]} | a tier is missing",
                "{'model':'graduated','tiers':[{'per':1}]} | one of amount, percent and multiplier",
                "{'model':'graduated','tiers':[{'amount':'1','percent':'1','per':1}]} | one of amount, percent",
                "{'model':'graduated','tiers':[{'amount':'1'}]} | \"per\" is missing",
                "{'model':'graduated','tiers':[{'upTo':'5','amount':'1','per':1}]} | last tier has no upTo",
                "{'model':'volume','tiers':[{'upTo':'5.5','amount':'1','per':1}]} | upTo must be a whole number",
                "{'model':'volume','tiers':[{'amount':'1','per':1,'flatFee':'-1'}]} | flatFee must be decimal digits",
                "{'amount':'1e3','per':1} | amount must be decimal digits",
                "{'amount':'1','per':1,'included':'-1'} | included must be a whole number",
                "{'amount':'1','per':1,'minimum':'x'} | minimum must be decimal digits",
                "{'amount':'1','per':1,'minimum':'2','maximum':'1'} | exceeds the maximum",
                "{'amount':'1','per':1,'family':'a b'} | a family cannot be named",
                "{'amount':'1','per':1,'discount':'1'} | discount"
            })
    void mistakesAreNamed(String single, String named) {
        assertThatThrownBy(() -> read(single.replace('\'', '"')))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(named);
    }

    private static MeterPrice read(String json) {
        return PriceDocument.read(CanonicalJson.read(json, PriceDocument.class), "images");
    }

    private static String write(MeterPrice price) {
        return CanonicalJson.write(PriceDocument.of(price, USD));
    }
}
