package io.tollgate.invoicing.forecast;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

/** Laws of any days. */
class ForecastProperties {

    @Provide
    Arbitrary<List<BigDecimal>> days() {
        return Arbitraries.oneOf(
                        Arbitraries.just(BigDecimal.ZERO),
                        Arbitraries.bigDecimals()
                                .between(BigDecimal.ZERO, new BigDecimal("100000"))
                                .ofScale(6))
                .list()
                .ofMinSize(1)
                .ofMaxSize(100);
    }

    @Property(tries = 150)
    void nothingIsBelowZeroAndTheIntervalHoldsWhatIsExpected(
            @ForAll("days") List<BigDecimal> days, @ForAll @IntRange(max = 31) int left) {
        Projection projection = Projection.of(days, left).orElseThrow();
        assertThat(projection.low().signum()).isNotNegative();
        assertThat(projection.low()).isLessThanOrEqualTo(projection.expected());
        assertThat(projection.high()).isGreaterThanOrEqualTo(projection.expected());
        assertThat(projection.coverage()).isBetween(BigDecimal.ZERO, BigDecimal.ONE);
        assertThat(Projection.of(List.copyOf(days), left)).contains(projection);
    }

    /** A thousand times the spend, or the same spend in a currency worth a thousandth, is a thousand times the forecast. */
    @Property(tries = 100)
    void theUnitDoesNotMatter(@ForAll("days") List<BigDecimal> days, @ForAll @IntRange(max = 31) int left) {
        Projection projection = Projection.of(days, left).orElseThrow();
        Projection scaled = Projection.of(
                        days.stream().map(day -> day.movePointRight(3)).toList(), left)
                .orElseThrow();
        assertThat(scaled.method()).isEqualTo(projection.method());
        assertThat(scaled.expected()).isEqualByComparingTo(projection.expected().movePointRight(3));
        assertThat(scaled.high()).isEqualByComparingTo(projection.high().movePointRight(3));
    }

    /** Credits and corrections may make days negative; then nothing is cut off at zero. */
    @Property(tries = 50)
    void whatIsOwedBackIsForecastAsSuch(
            @ForAll("days") List<BigDecimal> days, @ForAll @IntRange(min = 1, max = 6) int left) {
        List<BigDecimal> negative = days.stream().map(BigDecimal::negate).toList();
        assertThat(Projection.of(negative, left).orElseThrow().expected().signum())
                .isNotPositive();
    }
}
