package io.tollgate.invoicing.forecast;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tollgate.invoicing.money.Money;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ForecastTest {

    private static Money usd(String amount) {
        return Money.of(amount, "USD");
    }

    private static List<Money> days(int count, String amount) {
        return Collections.nCopies(count, usd(amount));
    }

    @Test
    void withoutACompleteDayThereIsNothingToJudgeBy() {
        assertThat(Forecast.of(List.of(), 12)).isEmpty();
    }

    @Test
    void whatIsTheSameEveryDayGoesOn() {
        for (int known : List.of(3, 10, 21, 28, 60, 100)) {
            Forecast forecast = Forecast.of(days(known, "10.00"), 12).orElseThrow();
            assertThat(forecast.expected()).isEqualTo(usd("120.00"));
            assertThat(forecast.low()).isEqualTo(usd("120.00"));
            assertThat(forecast.high()).isEqualTo(usd("120.00"));
        }
    }

    @Test
    void ofOneDayThereIsNoIntervalAndItSaysSo() {
        Forecast forecast = Forecast.of(days(1, "10.00"), 3).orElseThrow();
        assertThat(forecast.expected()).isEqualTo(usd("30.00"));
        assertThat(forecast.coverage()).isEqualByComparingTo("0");
        assertThat(forecast.method()).isEqualTo("the last day");
    }

    @Test
    void fewDaysPromiseLessThanMany() {
        assertThat(Forecast.of(days(4, "10.00"), 3).orElseThrow().coverage()).isEqualByComparingTo("0.33");
        assertThat(Forecast.of(days(40, "10.00"), 3).orElseThrow().coverage()).isEqualByComparingTo("0.8");
    }

    @Test
    void aPeriodThatIsOverCostsNothingMore() {
        Forecast forecast = Forecast.of(days(5, "10.00"), 0).orElseThrow();
        assertThat(forecast.expected()).isEqualTo(usd("0.00"));
        assertThat(forecast.coverage()).isEqualByComparingTo("1");
    }

    @Test
    void weekendsAreSeenOnceThereAreEnoughOfThem() {
        List<Money> weeks = IntStream.range(0, 35)
                .mapToObj(day -> usd(day % 7 < 5 ? "100.00" : "10.00"))
                .toList();
        // The next days are Monday to Thursday.
        Forecast forecast = Forecast.of(weeks, 4).orElseThrow();
        assertThat(forecast.expected()).isEqualTo(usd("400.00"));
        assertThat(forecast.method()).isEqualTo("weekday factors of 5 weeks");
        Forecast early = Forecast.of(weeks.subList(0, 14), 4).orElseThrow();
        assertThat(early.method()).isEqualTo("mean of the last 7 days");
    }

    @Test
    void growthGoesOnForAWhile() {
        List<Money> growing = IntStream.range(0, 56)
                .mapToObj(day -> usd(Integer.toString(100 + 10 * day)))
                .toList();
        Forecast forecast = Forecast.of(growing, 14).orElseThrow();
        assertThat(forecast.method()).isEqualTo("weekday factors of 8 weeks and damped trend");
        assertThat(forecast.expected()).isGreaterThan(usd(Integer.toString(14 * 650)));
    }

    @Test
    void oneDayDoesNotTellWhatOthersWillBringButThreeAreANewLevel() {
        List<Money> days = new ArrayList<>(days(30, "10.00"));
        days.add(usd("1000.00"));
        assertThat(Forecast.of(days, 10).orElseThrow().expected()).isLessThan(usd("120.00"));
        days.addAll(days(2, "1000.00"));
        assertThat(Forecast.of(days, 10).orElseThrow().expected()).isGreaterThan(usd("4000.00"));
    }

    @Test
    void onlyTheLastTwelveWeeksCount() {
        List<BigDecimal> recent = Collections.nCopies(Projection.DAYS_MAX, BigDecimal.TEN);
        List<BigDecimal> all = IntStream.range(0, 200)
                .mapToObj(day -> day < 200 - Projection.DAYS_MAX ? new BigDecimal("999") : BigDecimal.TEN)
                .toList();
        assertThat(Projection.of(all, 9)).isEqualTo(Projection.of(recent, 9));
    }

    @Test
    void currenciesDoNotMix() {
        assertThatThrownBy(() -> Forecast.of(List.of(usd("1.00"), Money.of("1.00", "EUR")), 3))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Projection.of(List.of(BigDecimal.ONE), -1))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
