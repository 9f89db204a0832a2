package io.tollgate.cli.crash;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/** Waits, and does not leave it at that when nothing moves: then it writes down what stands still, while it does. */
final class Watch {

    /** Longer than any timeout after which a crashed member, or its transaction, is given up. */
    private static final Duration DIAGNOSE_AFTER = Duration.ofSeconds(30);

    private static final Duration GIVE_UP_AFTER = Duration.ofMinutes(2);
    private static final Duration LOOK_EVERY = Duration.ofMillis(10);

    private final LongSupplier progress;
    private final Supplier<String> diagnosis;
    private final Path file;
    private final Duration diagnoseAfter;
    private final Duration giveUpAfter;

    /**
     * @param progress changes when something has moved
     * @param diagnosis is asked when nothing has
     * @param file where diagnoses are added
     */
    Watch(LongSupplier progress, Supplier<String> diagnosis, Path file) {
        this(progress, diagnosis, file, DIAGNOSE_AFTER, GIVE_UP_AFTER);
    }

    /** One with another patience. */
    Watch(LongSupplier progress, Supplier<String> diagnosis, Path file, Duration diagnoseAfter, Duration giveUpAfter) {
        this.diagnoseAfter = diagnoseAfter;
        this.giveUpAfter = giveUpAfter;
        this.progress = progress;
        this.diagnosis = diagnosis;
        this.file = file;
    }

    /**
     * Waits until the condition holds.
     *
     * @param what the condition, as the end of "waiting until"
     * @throws StalledException when it does not hold and nothing has moved for two minutes, or as long as it was told
     */
    void until(String what, BooleanSupplier condition) {
        long seen = progress.getAsLong();
        long movedAt = System.nanoTime();
        boolean diagnosed = false;
        while (!condition.getAsBoolean()) {
            if (Thread.currentThread().isInterrupted()) {
                throw new StalledException("interrupted while waiting until " + what);
            }
            long now = progress.getAsLong();
            if (now != seen) {
                seen = now;
                movedAt = System.nanoTime();
                diagnosed = false;
            }
            Duration still = Duration.ofNanos(System.nanoTime() - movedAt);
            if (still.compareTo(diagnoseAfter) > 0 && !diagnosed) {
                diagnosed = true;
                write("nothing has moved for %d s while waiting until %s".formatted(still.toSeconds(), what));
            }
            if (still.compareTo(giveUpAfter) > 0) {
                throw new StalledException(
                        "nothing has moved for %d s while waiting until %s; what stood still is in %s"
                                .formatted(still.toSeconds(), what, file));
            }
            LockSupport.parkNanos(LOOK_EVERY.toNanos());
        }
    }

    /** Whether anything ever stood still for so long that it was diagnosed. */
    boolean hasDiagnosed() {
        return Files.exists(file);
    }

    private void write(String why) {
        try {
            Files.writeString(
                    file,
                    "%s%n%s%n".formatted(why, diagnosis.get()),
                    StandardOpenOption.CREATE,
                    StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
