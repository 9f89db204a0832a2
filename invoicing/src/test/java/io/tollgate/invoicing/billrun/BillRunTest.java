package io.tollgate.invoicing.billrun;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.YearMonth;
import org.junit.jupiter.api.Test;

/** What a run is told from others by, and what an exception is. */
class BillRunTest {

    @Test
    void aRunIsItsMonthAndItsIssuer() {
        BillRunId id = new BillRunId(YearMonth.of(2026, 10), "tollgate");

        assertThat(id).hasToString("2026-10.tollgate");
        assertThat(BillRunId.parse("2026-10.tollgate")).contains(id);
        assertThat(id.period().month()).isEqualTo(YearMonth.of(2026, 10));
        assertThat(BillRunId.parse("2026-10")).isEmpty();
        assertThat(BillRunId.parse("2026-10.")).isEmpty();
        assertThat(BillRunId.parse("2026-13.tollgate")).isEmpty();
        assertThat(BillRunId.parse("2026-10.Toll gate")).isEmpty();
    }

    @Test
    void anExceptionThatSaysSomethingElseIsAnother() {
        RunException lag = RunException.lag("acme", 5);

        assertThat(lag.id()).isEqualTo(RunException.lag("acme", 5).id());
        assertThat(lag.id())
                .isNotEqualTo(RunException.lag("acme", 6).id())
                .isNotEqualTo(RunException.lag("other", 5).id());
        assertThat(lag.canBeWaived()).isTrue();
        assertThat(new RunException("acme", "negative_total", "").canBeWaived()).isFalse();
        assertThat(RunException.of("acme", lag.blocker())).isEqualTo(lag);
        assertThat(RunException.unsettled("missing_dimension", 3).tenant()).isEmpty();
    }

    @Test
    void statesAreToldByTheirLabels() {
        for (BillRun.State state : BillRun.State.values()) {
            assertThat(BillRun.State.labelled(state.label())).isEqualTo(state);
        }
    }
}
