package io.tollgate.ingest.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;

class InFlightTest {

    @Test
    void requestsAreBoundedAndTheirPlacesComeBack() {
        InFlight inFlight = new InFlight(new InFlight.Limits(2, 10));
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
    void bytesAreBoundedOverAllRequests() {
        InFlight inFlight = new InFlight(new InFlight.Limits(2, 10));
        InFlight.Place first = inFlight.enter().orElseThrow();
        InFlight.Place second = inFlight.enter().orElseThrow();
        assertThat(first.take(6)).isTrue();
        assertThat(second.take(5)).isFalse();
        assertThat(second.take(4)).isTrue();
        assertThat(second.take(0)).isTrue();
        first.close();
        assertThat(first.take(1)).isFalse();
        assertThat(second.take(6)).isTrue();
        assertThat(second.take(1)).isFalse();
        second.close();
    }

    @Test
    void limitsThatTakeNothingAreRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> new InFlight.Limits(0, 1));
        assertThatIllegalArgumentException().isThrownBy(() -> new InFlight.Limits(1, 0));
    }
}
