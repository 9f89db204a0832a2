package io.tollgate.invoicing.pricing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.math.BigInteger;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.BigRange;
import net.jqwik.api.constraints.Scale;
import org.junit.jupiter.api.Test;

class UnitPriceTest {

    @Test
    void aPriceThatCouldNotBeDividedExactlyIsRefused() {
        assertThatThrownBy(() -> UnitPrice.of("1", 3)).hasMessageContaining("no exact decimal");
        assertThatThrownBy(() -> UnitPrice.of("1", 3600)).hasMessageContaining("no exact decimal");
        assertThatThrownBy(() -> UnitPrice.of("1", 0)).isInstanceOf(IllegalArgumentException.class);
        assertThat(UnitPrice.of("1", 1024).of(BigInteger.ONE)).isEqualByComparingTo("0.0009765625");
    }

    @Test
    void aPriceIsNeverNegative() {
        assertThatThrownBy(() -> UnitPrice.of("-0.01", 1)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aReversalIsPricedNegatively() {
        assertThat(UnitPrice.of("2.50", 1_000_000).of(BigInteger.valueOf(-1000)))
                .isEqualByComparingTo("-0.0025");
    }

    @Test
    void pricesAreEqualHoweverTheyAreWritten() {
        assertThat(UnitPrice.of("2.50", 1000)).isEqualTo(UnitPrice.of("2.5", 1000));
        assertThat(UnitPrice.of("0.00", 1000)).isEqualTo(UnitPrice.of("0", 1000));
        assertThat(UnitPrice.of("1E+3", 1).digits()).isEqualTo("1000");
    }

    @Property
    void pricesOfPartsAddUpToThePriceOfTheWhole(
            @ForAll @BigRange(min = "0", max = "100000") @Scale(8) BigDecimal amount,
            @ForAll BigInteger one,
            @ForAll BigInteger other) {
        UnitPrice price = new UnitPrice(amount, 1_000_000);

        assertThat(price.of(one).add(price.of(other))).isEqualByComparingTo(price.of(one.add(other)));
    }
}
