package io.tollgate.aggregator;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.common.KafkaException;
import org.junit.jupiter.api.Test;

class BackPressureTest {

    private final AtomicLong lag = new AtomicLong();
    private final List<String> asked = new ArrayList<>();
    private final BackPressure pressure =
            new BackPressure(100, this::lag, () -> asked.add("pause"), () -> asked.add("resume"));

    @Test
    void theJobWaitsAboveTheLimitAndGoesOnAtHalfOfIt() {
        look(100);
        assertThat(asked).isEmpty();
        look(101);
        assertThat(pressure.isPaused()).isTrue();
        look(200);
        look(51);
        assertThat(asked).containsExactly("pause");
        look(50);
        assertThat(asked).containsExactly("pause", "resume");
        assertThat(pressure.isPaused()).isFalse();
        look(100);
        assertThat(asked).hasSize(2);
    }

    @Test
    void aLagThatIsNotKnownChangesNothing() {
        look(101);
        look(-1);
        assertThat(asked).containsExactly("pause");
    }

    /** Kafka's clients throw others than Kafka's exceptions too, and a timer ends with the first that gets out. */
    @Test
    void whateverALookMeetsTheNextOneSetsRight() {
        List<String> obeyed = new ArrayList<>();
        AtomicBoolean obeys = new AtomicBoolean();
        BackPressure stubborn = new BackPressure(
                100,
                () -> {
                    if (lag.get() < 0) {
                        throw new IllegalStateException("no such topic");
                    }
                    return lag.get();
                },
                () -> {
                    if (!obeys.get()) {
                        throw new IllegalStateException("not now");
                    }
                    obeyed.add("pause");
                },
                () -> obeyed.add("resume"));
        lag.set(-1);
        stubborn.look();
        lag.set(101);
        stubborn.look();
        assertThat(stubborn.isPaused()).isFalse();
        obeys.set(true);
        stubborn.look();
        assertThat(stubborn.isPaused()).isTrue();
        assertThat(obeyed).containsExactly("pause");
    }

    private void look(long value) {
        lag.set(value);
        pressure.look();
    }

    private long lag() {
        if (lag.get() < 0) {
            throw new KafkaException("away");
        }
        return lag.get();
    }
}
