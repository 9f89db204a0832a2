package io.tollgate.emitter;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.TimeUnit;
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

    /** One fsync of the spool covers at most about so much. */
    private static final long GROUP_BYTES = 4L << 20;

    private static final int LOCK_ATTEMPTS = 200;
    private static final long UNLIMITED = Long.MAX_VALUE;

    private final ReentrantLock lock = new ReentrantLock();
    /** There may be room, or less to wait for. */
    private final Condition less = lock.newCondition();
    /** There is something to write. */
    private final Condition toDo = lock.newCondition();
    /** There may be something to replay. */
    private final Condition onDisk = lock.newCondition();

    private final long capacityBytes;
    private final long patienceNanos;
    private final long overdueNanos;

    /** Given to Kafka, in order. */
    private final InOrder straight = new InOrder();
    /** To be written to the spool, in order. */
    private Deque<Pending> toWrite = new ArrayDeque<>();
    /** Being written to the spool, or just written and not all told. */
    private List<Pending> writing = List.of();

    private long heldBytes;
    private long entered;
    private boolean behind;
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
        this.capacityBytes = capacityBytes;
        this.patienceNanos = patienceNanos;
        this.overdueNanos = overdueNanos;
        this.behind = behind;
    }

    Entry enter(Pending pending) {
        lockSoon();
        try {
            if (!closed && !awaitRoom(pending.bytes())) {
                return Entry.BUSY;
            }
            if (closed) {
                return Entry.CLOSED;
            }
            entered++;
            pending.number = entered;
            heldBytes += pending.bytes();
            if (behind) {
                toWrite.add(pending);
                toDo.signal();
                return Entry.BEHIND;
            }
            straight.add(pending);
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
    private boolean awaitRoom(long bytes) {
        long left = patienceNanos;
        while (!closed && heldBytes > 0 && heldBytes + bytes > capacityBytes) {
            if ((!behind || writable == 0) && left <= patienceNanos / 2) {
                goBehind();
            }
            if (left <= 0) {
                return false;
            }
            long slice = left <= patienceNanos / 2 ? left : left - patienceNanos / 2;
            try {
                left -= slice - less.awaitNanos(slice);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return false;
            }
        }
        return true;
    }

    /** An event has its outcome. */
    void left(Pending pending) {
        lockSoon();
        try {
            straight.remove(pending);
            heldBytes -= pending.bytes();
            less.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Kafka did not take an event: it, and all that are on their way to Kafka, go to the spool instead. */
    void failed(Pending pending) {
        lock.lock();
        try {
            if (straight.contains(pending)) {
                goBehind();
            }
        } finally {
            lock.unlock();
        }
    }

    private void goBehind() {
        // Not only those that have failed: the rest may fail, too, and would then stand behind younger ones. If Kafka
        // takes some of them after all, their copies do no harm. Should memory run out, nothing has changed.
        Deque<Pending> all = new ArrayDeque<>();
        straight.forEach(all::add);
        all.addAll(toWrite);
        toWrite = all;
        straight.clear();
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
            writing = writing.stream().filter(each -> !each.isTold()).toList();
            less.signalAll();
            onDisk.signal();
            while ((toWrite.isEmpty() && writing.stream().allMatch(Pending::isDecided)) || writable == 0) {
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
            List<Pending> group = new ArrayList<>(writing);
            int taken = 0;
            long bytes = 0;
            for (Iterator<Pending> next = toWrite.iterator();
                    next.hasNext() && bytes < GROUP_BYTES && taken < writable;
                    taken++) {
                Pending pending = next.next();
                bytes += pending.message().bytes();
                group.add(pending);
            }
            writing = group;
            writable -= writable == UNLIMITED ? 0 : taken;
            for (; taken > 0; taken--) {
                toWrite.remove();
            }
            return group;
        } finally {
            lock.unlock();
        }
    }

    private long nanosUntilOverdue() {
        Iterator<Pending> oldest = straight.isEmpty() ? toWrite.iterator() : straight.iterator();
        return oldest.hasNext() ? oldest.next().sinceNanos() + overdueNanos - System.nanoTime() : overdueNanos;
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
            if (writable > 0 || !writing.stream().allMatch(Pending::isTold) || !spool.isEmpty()) {
                return List.of();
            }
            if (toWrite.isEmpty()) {
                behind = false;
                writable = UNLIMITED;
                less.signalAll();
                return List.of();
            }
            List<Pending> group =
                    toWrite.stream().filter(each -> !each.isDecided()).toList();
            // One that is being told has not left yet.
            toWrite.stream().filter(each -> !each.isTold()).forEach(straight::add);
            toWrite.clear();
            return group;
        } finally {
            lock.unlock();
        }
    }

    /** Waits until all that has entered so far has its outcome. */
    void awaitOutcomes() {
        lock.lock();
        try {
            long mark = entered;
            while (isAnyUpTo(mark, straight) || isAnyUpTo(mark, toWrite) || isAnyUpTo(mark, writing)) {
                less.awaitUninterruptibly();
            }
        } finally {
            lock.unlock();
        }
    }

    private static boolean isAnyUpTo(long mark, Iterable<Pending> inOrder) {
        for (Pending each : inOrder) {
            if (each.number > mark) {
                return false;
            }
            if (!each.isTold()) {
                return true;
            }
        }
        return false;
    }

    /** Lets nothing in any more, and waits for Kafka to have all, also what is in the spool; false when time is over. */
    boolean closeAndDrain(long nanos) {
        lock.lock();
        try {
            closed = true;
            less.signalAll();
            long left = nanos;
            while (behind || !straight.isEmpty()) {
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
            lock.unlock();
        }
    }

    /** What Kafka has not acknowledged goes to the spool; then writing ends, and replaying at once. */
    void end() {
        lock.lock();
        try {
            closed = true;
            if (!straight.isEmpty()) {
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
