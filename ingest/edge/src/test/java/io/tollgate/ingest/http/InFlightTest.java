package io.tollgate.ingest.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;

class InFlightTest {

    @Test
    void requestsAreBoundedAndTheirPlacesComeBack() {
        InFlight inFlight = new InFlight(new InFlight.Limits(2, 10, 10));
        InFlight.Place first = inFlight.enter().orElseThrow();
        InFlight.Place second = inFlight.enter().orElseThrow();
        assertThat(inFlight.enter()).isEmpty();
        first.close();
        first.close();
        InFlight.Place third = inFlight.enter().orElseThrow();
        assertThat(inFlight.enter()).isEmpty();
        second.close();
        third.close();
    }

    @Test
    void memoryIsBoundedOverAllRequests() {
        bounded(new InFlight.Limits(2, 10, 1), InFlight.Place::takeMemory);
    }

    @Test
    void diskIsBoundedOverAllRequests() {
        bounded(new InFlight.Limits(2, 1, 10), InFlight.Place::takeDisk);
    }

    private static void bounded(InFlight.Limits limits, Taking taking) {
        InFlight inFlight = new InFlight(limits);
        InFlight.Place first = inFlight.enter().orElseThrow();
        InFlight.Place second = inFlight.enter().orElseThrow();
        assertThat(taking.take(first, 6)).isTrue();
        assertThat(taking.take(second, 5)).isFalse();
        assertThat(taking.take(second, 4)).isTrue();
        assertThat(taking.take(second, 0)).isTrue();
        first.close();
        assertThat(taking.take(first, 1)).isFalse();
        assertThat(taking.take(second, 6)).isTrue();
        assertThat(taking.take(second, 1)).isFalse();
        second.close();
    }

    @Test
    void limitsThatTakeNothingAreRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> new InFlight.Limits(0, 1, 1));
        assertThatIllegalArgumentException().isThrownBy(() -> new InFlight.Limits(1, 0, 1));
        assertThatIllegalArgumentException().isThrownBy(() -> new InFlight.Limits(1, 1, 0));
    }

    private interface Taking {
        boolean take(InFlight.Place place, int more);
    }
}
