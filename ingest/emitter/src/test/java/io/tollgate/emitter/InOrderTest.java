package io.tollgate.emitter;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class InOrderTest {

    private static final long SEED = 19;

    @Test
    void behavesLikeASetThatKeepsTheOrder() {
        Random random = new Random(SEED);
        List<Pending> events = IntStream.range(0, 12)
                .mapToObj(number ->
                        new Pending(new Message(Message.Topic.USAGE, new byte[0], new byte[0]), number, outcome -> {}))
                .toList();
        InOrder list = new InOrder();
        Set<Pending> expected = new LinkedHashSet<>();
        for (int step = 0; step < 20_000; step++) {
            Pending event = events.get(random.nextInt(events.size()));
            if (random.nextInt(500) == 0) {
                list.clear();
                expected.clear();
            } else if (random.nextBoolean() && !list.contains(event)) {
                list.add(event);
                expected.add(event);
            } else {
                list.remove(event);
                expected.remove(event);
            }
            List<Pending> seen = new ArrayList<>();
            list.forEach(seen::add);
            assertThat(seen).as("seed %d, step %d", SEED, step).containsExactlyElementsOf(expected);
            assertThat(list.isEmpty()).isEqualTo(expected.isEmpty());
            assertThat(list.contains(event)).isEqualTo(expected.contains(event));
        }
    }
}
