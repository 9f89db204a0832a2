package io.tollgate.emitter;

import static org.assertj.core.api.Assertions.assertThat;

import io.tollgate.emitter.spool.Spool;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The writer's thread outlives what it cannot write. */
class SpoolWriterTest {

    @TempDir
    Path directory;

    @Test
    void whatCannotBeWrittenIsRefusedAndTheNextIsWritten() throws Exception {
        Line line = new Line(1 << 20, 0, Duration.ofMinutes(1).toNanos(), true);
        try (Spool spool = Spool.open(directory, 1 << 20, 1 << 16)) {
            Thread writer = new Thread(new SpoolWriter(line, spool)::run);
            writer.start();
            try {
                assertThat(outcome(line, unwritable())).isInstanceOfSatisfying(Outcome.Refused.class, refused -> {
                    assertThat(refused.reason()).isEqualTo(Outcome.Reason.SPOOL_FAILED);
                    assertThat(refused.cause().retriable()).isTrue();
                });
                assertThat(outcome(line, new Message(Message.Topic.USAGE, new byte[1], new byte[9])))
                        .isEqualTo(new Outcome.Spooled());
                line.awaitOutcomes();
                assertThat(spool.state().records()).isOne();
            } finally {
                line.end();
                writer.join();
            }
        }
    }

    private static Outcome outcome(Line line, Message message) throws Exception {
        CompletableFuture<Outcome> outcome = new CompletableFuture<>();
        assertThat(line.enter(new Pending(message, System.nanoTime(), outcome::complete)))
                .isEqualTo(Line.Entry.BEHIND);
        return outcome.get(20, TimeUnit.SECONDS);
    }

    /** It has a size, and nothing that says how it stands in the spool. */
    @SuppressWarnings("NullAway")
    private static Message unwritable() {
        return new Message(null, new byte[1], new byte[9]);
    }
}
