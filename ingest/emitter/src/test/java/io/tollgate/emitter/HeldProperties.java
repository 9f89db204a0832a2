package io.tollgate.emitter;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/** Whatever happens in whatever order: no event is lost, and no byte. jqwik prints the seed. */
class HeldProperties {

    private static final Outcome SPOOLED = new Outcome.Spooled();
    private static final Pending LARGE = pending(1 << 20);

    private static Pending pending(int bytes) {
        return new Pending(new Message(Message.Topic.USAGE, new byte[0], new byte[bytes]), 0, outcome -> {});
    }

    @Property(tries = 300)
    void allThatEntersIsHeldUntilItIsTold(@ForAll long seed) {
        Random random = new Random(seed);
        // One event always has room, so there is room for a large one exactly when no byte is held.
        Held held = new Held(0);
        List<Pending> open = new ArrayList<>();
        boolean behind = false;
        for (int step = 0; step < 200; step++) {
            switch (random.nextInt(6)) {
                case 0, 1 -> {
                    Pending entering = pending(random.nextInt(100));
                    entering.number = step;
                    open.add(entering);
                    if (behind) {
                        held.addToWrite(entering);
                    } else {
                        held.addStraight(entering);
                    }
                }
                case 2 -> {
                    if (!open.isEmpty()) {
                        open.remove(random.nextInt(open.size())).decide(SPOOLED);
                    }
                }
                case 3 -> {
                    held.writeAll();
                    behind = true;
                }
                case 4 -> {
                    if (behind) {
                        held.nextGroup(random.nextInt(5));
                    }
                }
                default -> {
                    if (behind && !held.isAnyBeingWritten()) {
                        List<Pending> sent = held.goStraight();
                        assertThat(sent).containsExactlyElementsOf(open);
                        behind = false;
                    }
                }
            }
            assertThat(held.isAnyUpTo(step)).isEqualTo(!open.isEmpty());
        }
        held.writeAll();
        assertThat(held.nextGroup(Long.MAX_VALUE)).containsAll(open);
        open.forEach(each -> each.decide(SPOOLED));
        held.takeOutTold();
        assertThat(held.isRoomFor(LARGE)).isTrue();
        assertThat(held.isAnyStraight() || held.isAnyToWrite() || held.isAnyBeingWritten())
                .isFalse();
    }

    @Test
    void whatCouldNotBeDecidedIsTriedAgainThoughNothingElseMayBeWritten() {
        Line line = new Line(1 << 20, TimeUnit.SECONDS.toNanos(1), TimeUnit.DAYS.toNanos(1), true);
        Pending event = pending(10);
        assertThat(line.enter(event)).isEqualTo(Line.Entry.BEHIND);
        line.letWrite(1);
        assertThat(line.nextGroup()).containsExactly(event);
        assertThat(line.nextGroup()).containsExactly(event);
    }
}
