package io.tollgate.invoicing.usage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import org.junit.jupiter.api.Test;

class TimeRangeTest {

    private static final TimeRange DAY = range("2023-11-16T00:00:00Z", "2023-11-17T00:00:00Z");

    @Test
    void rangesThatOnlyTouchDoNotOverlap() {
        assertThat(DAY.overlaps(range("2023-11-15T00:00:00Z", "2023-11-16T00:00:00Z")))
                .isFalse();
        assertThat(DAY.overlaps(range("2023-11-17T00:00:00Z", "2023-11-18T00:00:00Z")))
                .isFalse();
        assertThat(DAY.overlaps(range("2023-11-15T00:00:00Z", "2023-11-16T00:15:00Z")))
                .isTrue();
        assertThat(DAY.overlaps(range("2023-11-16T23:45:00Z", "2023-11-18T00:00:00Z")))
                .isTrue();
        assertThat(DAY.overlaps(DAY)).isTrue();
    }

    @Test
    void whatTwoRangesHaveInCommonEndsWithTheFirstToEnd() {
        TimeRange around = range("2023-11-15T00:00:00Z", "2023-11-18T00:00:00Z");
        TimeRange early = range("2023-11-15T00:00:00Z", "2023-11-16T12:00:00Z");

        assertThat(DAY.within(around)).isEqualTo(DAY);
        assertThat(around.within(DAY)).isEqualTo(DAY);
        assertThat(DAY.within(early)).isEqualTo(range("2023-11-16T00:00:00Z", "2023-11-16T12:00:00Z"));
        assertThat(early.within(DAY)).isEqualTo(DAY.within(early));
        assertThatThrownBy(() -> DAY.within(range("2023-11-17T00:00:00Z", "2023-11-18T00:00:00Z")))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private static TimeRange range(String from, String to) {
        return new TimeRange(Instant.parse(from), Instant.parse(to));
    }
}
