package io.tollgate.invoicing.forecast;

import static org.assertj.core.api.Assertions.assertThat;

import io.tollgate.invoicing.money.Money;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Currency;
import java.util.List;
import org.junit.jupiter.api.Test;

class OutlookTest {

    private static final Currency USD = Currency.getInstance("USD");

    private static Money usd(String amount) {
        return Money.of(amount, "USD");
    }

    /** So many days of ten dollars, and then today. */
    private static List<Money> days(int count, String today) {
        List<Money> days = new ArrayList<>(Collections.nCopies(count, usd("10.00")));
        days.add(usd(today));
        return days;
    }

    @Test
    void aPeriodIsItsCompleteDaysAndAForecastOfTheOthers() {
        // Seven days before the period, four of it, and a little of the fifth.
        Outlook outlook = Outlook.of(days(11, "1.00"), 7, 11, 30, USD);
        assertThat(outlook.spent()).isEqualTo(usd("41.00"));
        assertThat(outlook.daysLeft()).isEqualTo(26);
        assertThat(outlook.expected()).contains(usd("300.00"));
    }

    @Test
    void aDayThatCostsMoreAlreadyThanAllThatIsLeftWasExpectedToIsNotForgotten() {
        Outlook outlook = Outlook.of(days(36, "500.00"), 7, 36, 30, USD);
        assertThat(outlook.daysLeft()).isEqualTo(1);
        assertThat(outlook.spent()).isEqualTo(usd("790.00"));
        assertThat(outlook.expected()).contains(usd("790.00"));
        assertThat(outlook.low()).contains(usd("790.00"));
        assertThat(outlook.high()).contains(usd("790.00"));
    }

    @Test
    void onTheFirstDayTheDaysBeforeThePeriodAreGoneBy() {
        Outlook outlook = Outlook.of(days(7, "0.00"), 7, 7, 31, USD);
        assertThat(outlook.spent()).isEqualTo(usd("0.00"));
        assertThat(outlook.expected()).contains(usd("310.00"));
        assertThat(outlook.forecast().orElseThrow().method()).isEqualTo("mean of the last 7 days");
    }

    @Test
    void daysBeforeTheFirstThatCostAnythingAreNoHistory() {
        List<Money> days = new ArrayList<>(Collections.nCopies(56, usd("0.00")));
        days.addAll(days(3, "0.00"));
        Outlook outlook = Outlook.of(days, 56, 59, 30, USD);
        assertThat(outlook.forecast().orElseThrow().basis()).isEqualTo(3);
        assertThat(outlook.expected()).contains(usd("300.00"));
    }

    @Test
    void whoBeganTodayHasNoForecast() {
        List<Money> days = new ArrayList<>(Collections.nCopies(8, usd("0.00")));
        days.add(usd("5.00"));
        Outlook outlook = Outlook.of(days, 7, 8, 30, USD);
        assertThat(outlook.spent()).isEqualTo(usd("5.00"));
        assertThat(outlook.expected()).isEmpty();
        assertThat(outlook.forecast()).isEmpty();
    }
}
