package io.tollgate.invoicing.tax;

import static io.tollgate.invoicing.Contracts.NORDIC;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class IssuerTest {

    private static final LocalDate TAX_POINT = LocalDate.of(2023, 11, 30);

    private static Party party(String country, Optional<String> subdivision, Optional<String> vatId) {
        return new Party("Acme", List.of(), Optional.empty(), Optional.empty(), country, subdivision, vatId);
    }

    /** A seller in Sweden. */
    @ParameterizedTest
    @CsvSource({
        "SE, SE556000000001, S, 25",
        "SE, '', S, 25",
        "DE, DE123456789, AE, 0",
        "DE, '', S, 19",
        "US, '', G, 0",
        "NO, NO123456789, G, 0"
    })
    void electronicServicesAreTaxedWhereTheBuyerIs(String country, String vatId, TaxCategory category, String percent) {
        Optional<String> id = Optional.of(vatId).filter(text -> !text.isEmpty());

        assertThat(NORDIC.treatment(party(country, Optional.empty(), id), Optional.empty(), TAX_POINT))
                .hasValueSatisfying(treatment -> {
                    assertThat(treatment.category()).isEqualTo(category);
                    assertThat(treatment.percent()).isEqualByComparingTo(percent);
                    assertThat(treatment.reason().isPresent()).isEqualTo(category != TaxCategory.S);
                });
    }

    @ParameterizedTest
    @CsvSource({"2020-06-30, ''", "2020-07-01, 16", "2020-12-31, 16", "2021-01-01, 19"})
    void ratesAreEffectiveDated(LocalDate taxPoint, String percent) {
        Optional<TaxTreatment> treatment =
                NORDIC.treatment(party("DE", Optional.empty(), Optional.empty()), Optional.empty(), taxPoint);

        assertThat(treatment.map(each -> each.percent().toPlainString()).orElse(""))
                .isEqualTo(percent);
    }

    @Test
    void taxThatIsDueAtNoKnownRateIsNotMadeUp() {
        assertThat(NORDIC.treatment(party("FR", Optional.empty(), Optional.empty()), Optional.empty(), TAX_POINT))
                .isEmpty();
    }

    @Test
    void anExemptionOverrulesAndSaysWhy() {
        Optional<TaxTreatment> treatment = NORDIC.treatment(
                party("SE", Optional.empty(), Optional.empty()),
                Optional.of(new TaxExemption(TaxCategory.E, "embassy")),
                TAX_POINT);

        assertThat(treatment).contains(new TaxTreatment(TaxCategory.E, "SE", BigDecimal.ZERO, Optional.of("embassy")));
        assertThatThrownBy(() -> new TaxExemption(TaxCategory.S, "no")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aStateMayHaveARateOfItsOwnAndASellerOwesNothingWhereItHasNone() {
        Issuer american = new Issuer(
                "american",
                party("US", Optional.of("WA"), Optional.empty()),
                List.of(
                        new TaxRate("US", BigDecimal.ZERO, LocalDate.of(2020, 1, 1)),
                        new TaxRate("US-WA", new BigDecimal("10.1"), LocalDate.of(2020, 1, 1))),
                List.of());

        assertThat(category(american, party("US", Optional.of("WA"), Optional.empty())))
                .isEqualTo("S 10.1");
        assertThat(category(american, party("US", Optional.of("CA"), Optional.empty())))
                .isEqualTo("Z 0");
        assertThat(category(american, party("SE", Optional.empty(), Optional.empty())))
                .isEqualTo("O 0");
    }

    private static String category(Issuer issuer, Party buyer) {
        return issuer.treatment(buyer, Optional.empty(), TAX_POINT)
                .map(each -> each.category() + " " + each.percent().toPlainString())
                .orElseThrow();
    }
}
