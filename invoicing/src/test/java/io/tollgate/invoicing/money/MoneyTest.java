package io.tollgate.invoicing.money;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tollgate.invoicing.Fixtures;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Currency;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Scale;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class MoneyTest {

    @Test
    void currenciesDoNotMix() {
        Money dollars = Money.of("1", "USD");
        Money euros = Money.of("1", "EUR");

        assertThatThrownBy(() -> dollars.plus(euros)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> dollars.minus(euros)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> dollars.compareTo(euros)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void arithmeticKeepsEveryDigit() {
        assertThat(Money.of("45.149935", "USD").plus(Money.of("2.45896", "USD")))
                .isEqualTo(Money.of("47.608895", "USD"));
        assertThat(Money.of("0.0000001", "USD").minus(Money.of("1", "USD")).digits())
                .isEqualTo("-0.9999999");
    }

    @Test
    void roundingIsHalfUpAwayFromZeroToTheCurrencysExponent() {
        assertThat(Money.of("0.005", "USD").rounded().digits()).isEqualTo("0.01");
        assertThat(Money.of("0.00499", "USD").rounded().digits()).isEqualTo("0.00");
        assertThat(Money.of("-0.005", "USD").rounded().digits()).isEqualTo("-0.01");
        assertThat(Money.of("0.5", "JPY").rounded().digits()).isEqualTo("1");
        assertThat(Money.of("0.0005", "BHD").rounded().digits()).isEqualTo("0.001");
    }

    @Test
    void equalAmountsAreEqualHoweverTheyAreWritten() {
        assertThat(Money.of("1.5000", "USD")).isEqualTo(Money.of("1.5", "USD"));
        assertThat(Money.of("1E+2", "USD").digits()).isEqualTo("100.00");
        assertThat(Money.of("0.000", "USD")).isEqualTo(Money.zero(Fixtures.USD));
    }

    @Test
    void nothingIsBilledInACurrencyWithoutMinorUnit() {
        assertThatThrownBy(() -> Money.zero(Currency.getInstance("XAU"))).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void ofEqualRemaindersTheEarlierPartGetsTheMinorUnit() {
        List<Money> thirds = List.of(Money.of("0.335", "USD"), Money.of("0.335", "USD"), Money.of("0.33", "USD"));

        assertThat(Money.of("1.00", "USD").allocate(thirds))
                .extracting(Money::digits)
                .containsExactly("0.34", "0.33", "0.33");
    }

    @Test
    void onlyTheRoundedSumCanBeAllocated() {
        List<Money> parts = List.of(Money.of("0.335", "USD"));

        assertThatThrownBy(() -> Money.of("0.33", "USD").allocate(parts)).isInstanceOf(IllegalArgumentException.class);
    }

    @Property
    void allocatedPartsAddUpAndNoneMovesByAWholeMinorUnit(@ForAll @Size(max = 40) List<@Scale(9) BigDecimal> amounts) {
        List<Money> exact =
                amounts.stream().map(amount -> new Money(amount, Fixtures.USD)).toList();
        Money total = Money.sum(exact, Fixtures.USD).rounded();

        List<Money> shown = total.allocate(exact);

        assertThat(Money.sum(shown, Fixtures.USD)).isEqualTo(total);
        for (int i = 0; i < shown.size(); i++) {
            assertThat(shown.get(i).isRounded()).isTrue();
            assertThat(shown.get(i).minus(exact.get(i)).amount().abs()).isLessThan(new BigDecimal("0.01"));
        }
    }

    /** As for the parts of one part of an invoice. */
    @Property
    void partsOfAShownPartAddUpToItAndNoneMovesByMoreThanAMinorUnit(
            @ForAll @Size(min = 1, max = 40) List<@Scale(9) BigDecimal> amounts, @ForAll boolean up) {
        List<Money> exact =
                amounts.stream().map(amount -> new Money(amount, Fixtures.USD)).toList();
        BigDecimal sum = Money.sum(exact, Fixtures.USD).amount();
        Money total = new Money(sum.setScale(2, up ? RoundingMode.CEILING : RoundingMode.FLOOR), Fixtures.USD);

        List<Money> shown = total.allocateShown(exact);

        assertThat(Money.sum(shown, Fixtures.USD)).isEqualTo(total);
        for (int i = 0; i < shown.size(); i++) {
            assertThat(shown.get(i).isRounded()).isTrue();
            assertThat(shown.get(i).minus(exact.get(i)).amount().abs()).isLessThanOrEqualTo(new BigDecimal("0.01"));
        }
        assertThatThrownBy(() -> total.plus(Money.of("0.02", "USD")).allocateShown(exact))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
