package io.tollgate.aggregator.rollup;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;

class WindowTest {

    /** What makes days and months of any billing zone add up from windows. */
    @Property
    void aWindowNeverStraddlesMidnightInAnyZone(@ForAll @LongRange(min = 0, max = 4_102_444_800L) long second) {
        Instant time = Instant.ofEpochSecond(second);
        Instant start = Window.start(Window.number(second * 1_000_000));
        assertThat(start).isBeforeOrEqualTo(time).isAfter(time.minus(Window.LENGTH));
        for (String zone : new String[] {"UTC", "Asia/Kathmandu", "America/St_Johns", "Australia/Eucla"}) {
            Instant last = start.plus(Window.LENGTH).minus(Duration.ofNanos(1));
            // Before 1986 Kathmandu was at +5:30, before 1972 some zones were at odd seconds.
            if (second > 600_000_000) {
                assertThat(last.atZone(ZoneId.of(zone)).toLocalDate())
                        .isEqualTo(start.atZone(ZoneId.of(zone)).toLocalDate());
            }
        }
    }
}
