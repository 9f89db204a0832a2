package io.tollgate.emitter;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Where events stand that have no outcome yet, in the order in which they came. Either all new ones go straight to Kafka,
 * or all go to the end of the spool, behind what is in it. The change from one to the other happens here, under one lock,
 * so that nothing overtakes. Safe for use by many threads.
 */
final class Line {

    /** Where an event that wants to enter has to go. */
    enum Entry {
        /** To Kafka. */
        STRAIGHT,
        /** Nowhere: the line takes it to the spool. */
        BEHIND,
        /** There was no room in time. */
        BUSY,
        CLOSED
    }

    private static final int LOCK_ATTEMPTS = 200;
    private static final long UNLIMITED = Long.MAX_VALUE;

    private final ReentrantLock lock = new ReentrantLock();
    /** There may be room, or less to wait for. */
    private final Condition less = lock.newCondition();
    /** There is something to write. */
    private final Condition toDo = lock.newCondition();
    /** There may be something to replay. */
    private final Condition onDisk = lock.newCondition();

    private final long patienceNanos;
    private final long overdueNanos;

    private final Held held;
    private long entered;
    private boolean behind;
    /** How many wait for events to leave. */
    private final AtomicInteger waiting = new AtomicInteger();

    /** How many events may be written; with none left, what is to be written is held, and may go straight in a moment. */
    private long writable = UNLIMITED;

    private boolean closed;
    private boolean ended;

    /**
     * @param capacityBytes that events without an outcome may take together; one event always may
     * @param patienceNanos how long a caller may be held when they take more
     * @param overdueNanos how long Kafka may take
     * @param behind whether there is something in the spool already
     */
    Line(long capacityBytes, long patienceNanos, long overdueNanos, boolean behind) {
        this.held = new Held(capacityBytes);
        this.patienceNanos = patienceNanos;
        this.overdueNanos = overdueNanos;
        this.behind = behind;
    }

    Entry enter(Pending pending) {
        lockSoon();
        try {
            if (!closed && !awaitRoom(pending)) {
                return Entry.BUSY;
            }
            if (closed) {
                return Entry.CLOSED;
            }
            entered++;
            pending.number = entered;
            if (behind) {
                held.addToWrite(pending);
                toDo.signal();
                return Entry.BEHIND;
            }
            held.addStraight(pending);
            return Entry.STRAIGHT;
        } finally {
            lock.unlock();
        }
    }

    /**
     * For what happens to each event. Whoever has the lock has it for some nanoseconds, so it pays to try again: parking
     * and being woken takes a thousand times as long, and once one thread parks, others do.
     */
    private void lockSoon() {
        for (int attempt = 0; attempt < LOCK_ATTEMPTS; attempt++) {
            if (lock.tryLock()) {
                return;
            }
            Thread.onSpinWait();
        }
        lock.lock();
    }

    /** Half of the patience is for Kafka; then the disk may help. */
    private boolean awaitRoom(Pending pending) {
        long left = patienceNanos;
        while (!closed && !held.isRoomFor(pending)) {
            if ((!behind || writable == 0) && left <= patienceNanos / 2) {
                goBehind();
            }
            if (left <= 0) {
                return false;
            }
            long slice = left <= patienceNanos / 2 ? left : left - patienceNanos / 2;
            waiting.incrementAndGet();
            try {
                left -= held.isRoomFor(pending) ? 0 : slice - less.awaitNanos(slice);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return false;
            } finally {
                waiting.decrementAndGet();
            }
        }
        return true;
    }

    /** An event was told its outcome. Takes the lock only if somebody waits for that. */
    void left() {
        if (waiting.get() > 0) {
            lockSoon();
            try {
                less.signalAll();
            } finally {
                lock.unlock();
            }
        }
    }

    /** Kafka did not take an event: it, and all that are on their way to Kafka, go to the spool instead. */
    void failed(Pending pending) {
        lock.lock();
        try {
            if (pending.isStraight) {
                goBehind();
            }
        } finally {
            lock.unlock();
        }
    }

    private void goBehind() {
        // Not only those that have failed: the rest may fail, too, and would then stand behind younger ones. If Kafka
        // takes some of them after all, their copies do no harm.
        held.writeAll();
        behind = true;
        writable = UNLIMITED;
        toDo.signal();
        onDisk.signal();
    }

    /** Waits for events to be written, and takes them; empty when there will be none any more. */
    List<Pending> nextGroup() {
        lock.lock();
        try {
            // What could not be decided, since something went wrong, is tried again.
            held.takeOutTold();
            less.signalAll();
            onDisk.signal();
            while (!held.isAnyToWrite() || writable == 0) {
                if (ended) {
                    return List.of();
                }
                long wait = nanosUntilOverdue();
                if (wait <= 0) {
                    goBehind();
                } else {
                    await(toDo, wait);
                }
            }
            List<Pending> group = held.nextGroup(writable);
            writable -= writable == UNLIMITED ? 0 : Math.min(writable, group.size());
            return group;
        } finally {
            lock.unlock();
        }
    }

    private long nanosUntilOverdue() {
        return held.oldest()
                .map(oldest -> oldest.sinceNanos() + overdueNanos - System.nanoTime())
                .orElse(overdueNanos);
    }

    /** Waits until something may be in the spool; false when nothing is to be replayed any more. */
    boolean awaitBehind() {
        lock.lock();
        try {
            while (!behind && !ended) {
                onDisk.awaitUninterruptibly();
            }
            return !ended;
        } finally {
            lock.unlock();
        }
    }

    /** Waits until more is in the spool, the end has come, or the time is over. */
    void awaitMore(long nanos) {
        lock.lock();
        try {
            if (!ended) {
                await(onDisk, nanos);
            }
        } finally {
            lock.unlock();
        }
    }

    /** What a spool says of itself, and may fail to find out. */
    @FunctionalInterface
    interface Emptied {
        boolean isEmpty() throws IOException;
    }

    /**
     * Kafka answers: so many events may be written from now on. With none, when little is left to replay, new events are
     * held until that has arrived, and neither written nor sent. Otherwise, under a load that does not pause, the spool
     * would never be empty. Ends like any wait: when the oldest is overdue.
     */
    void letWrite(long events) {
        lock.lock();
        try {
            if (behind && !ended) {
                writable = events;
                toDo.signal();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Kafka is away again: what was held is written. */
    void keepSpooling() {
        lock.lock();
        try {
            writable = UNLIMITED;
            toDo.signal();
        } finally {
            lock.unlock();
        }
    }

    /**
     * The events to send to Kafka, in order, if nothing is in the spool or on its way there. None are left when new ones
     * go straight again, or must not.
     */
    List<Pending> nextStraight(Emptied spool) throws IOException {
        lock.lock();
        try {
            if (writable > 0 || held.isAnyBeingWritten() || !spool.isEmpty()) {
                return List.of();
            }
            if (!held.isAnyToWrite()) {
                behind = false;
                writable = UNLIMITED;
                less.signalAll();
                return List.of();
            }
            return held.goStraight();
        } finally {
            lock.unlock();
        }
    }

    /** Waits until all that has entered so far has its outcome. */
    void awaitOutcomes() {
        lock.lock();
        try {
            waiting.incrementAndGet();
            long mark = entered;
            while (held.isAnyUpTo(mark)) {
                less.awaitUninterruptibly();
            }
        } finally {
            waiting.decrementAndGet();
            lock.unlock();
        }
    }

    /** Lets nothing in any more, and waits for Kafka to have all, also what is in the spool; false when time is over. */
    boolean closeAndDrain(long nanos) {
        lock.lock();
        try {
            waiting.incrementAndGet();
            closed = true;
            less.signalAll();
            long left = nanos;
            while (behind || held.isAnyStraight()) {
                if (left <= 0) {
                    return false;
                }
                try {
                    left = less.awaitNanos(left);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    return false;
                }
            }
            return true;
        } finally {
            waiting.decrementAndGet();
            lock.unlock();
        }
    }

    /** What Kafka has not acknowledged goes to the spool; then writing ends, and replaying at once. */
    void end() {
        lock.lock();
        try {
            closed = true;
            if (held.isAnyStraight()) {
                goBehind();
            }
            ended = true;
            writable = UNLIMITED;
            toDo.signalAll();
            onDisk.signalAll();
            less.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** By the emitter's own threads, which are interrupted only to end. */
    @SuppressWarnings("WaitNotInLoop") // The callers loop.
    private static void await(Condition condition, long nanos) {
        try {
            var unused = condition.await(nanos, TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            // Whoever waits looks for the end by himself.
        }
    }
}
