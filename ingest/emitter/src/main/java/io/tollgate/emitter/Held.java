package io.tollgate.emitter;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;

/**
 * The events that have no outcome yet, in order, and the memory that they take: those on their way to Kafka, and behind
 * them those on their way to the spool. Those that were told stay until somebody looks, because Kafka's thread would need
 * the line's lock to take each of them out. Guarded by that lock.
 */
final class Held {

    /** One fsync of the spool covers at most about so much. */
    private static final long GROUP_BYTES = 4L << 20;

    private final long capacityBytes;

    private final Deque<Pending> straight = new ArrayDeque<>();
    private Deque<Pending> toWrite = new ArrayDeque<>();
    /** Being written to the spool, or just written and not all told. */
    private List<Pending> writing = List.of();
    /** Of all in the above. */
    private long bytes;

    /** @param capacityBytes that they may take together; one event always may */
    Held(long capacityBytes) {
        this.capacityBytes = capacityBytes;
    }

    boolean isRoomFor(Pending pending) {
        takeOutFirst();
        if (bytes + pending.bytes() <= capacityBytes) {
            return true;
        }
        takeOutTold();
        return bytes == 0 || bytes + pending.bytes() <= capacityBytes;
    }

    void addStraight(Pending pending) {
        takeOutFirst();
        bytes += pending.bytes();
        straight.add(pending);
        pending.isStraight = true;
    }

    void addToWrite(Pending pending) {
        bytes += pending.bytes();
        toWrite.add(pending);
    }

    /** All that were told from the oldest on: what is usual, as Kafka answers nearly in order. */
    private void takeOutFirst() {
        for (Pending first = straight.peek(); first != null && first.isTold(); first = straight.peek()) {
            bytes -= first.bytes();
            straight.remove();
        }
    }

    /** Also from behind one that was not. */
    void takeOutTold() {
        straight.removeIf(this::hasLeft);
        toWrite.removeIf(this::hasLeft);
        writing = writing.stream().filter(each -> !hasLeft(each)).toList();
    }

    private boolean hasLeft(Pending pending) {
        if (pending.isTold()) {
            bytes -= pending.bytes();
            return true;
        }
        return false;
    }

    /** Those on their way to Kafka are to be written, before the others. Should memory run out, nothing has changed. */
    void writeAll() {
        takeOutTold();
        Deque<Pending> all = new ArrayDeque<>(straight.size() + toWrite.size());
        all.addAll(straight);
        all.addAll(toWrite);
        toWrite = all;
        straight.forEach(each -> each.isStraight = false);
        straight.clear();
    }

    boolean isAnyToWrite() {
        return !toWrite.isEmpty() || writing.stream().anyMatch(each -> !each.isDecided());
    }

    boolean isAnyBeingWritten() {
        return writing.stream().anyMatch(each -> !each.isTold());
    }

    /**
     * Takes the next ones to write, with those that could not be decided the last time.
     *
     * @param most of the new ones
     */
    List<Pending> nextGroup(long most) {
        List<Pending> group = new ArrayList<>(writing);
        int taken = 0;
        long groupBytes = 0;
        for (Iterator<Pending> next = toWrite.iterator();
                next.hasNext() && groupBytes < GROUP_BYTES && taken < most;
                taken++) {
            Pending pending = next.next();
            groupBytes += pending.message().bytes();
            group.add(pending);
        }
        writing = group;
        for (int i = 0; i < taken; i++) {
            toWrite.remove();
        }
        return group;
    }

    /** Those that were to be written are on their way to Kafka instead; the ones to send, in order. */
    List<Pending> goStraight() {
        takeOutTold();
        List<Pending> group = toWrite.stream().filter(each -> !each.isDecided()).toList();
        // One that is being told has not left yet.
        toWrite.forEach(each -> each.isStraight = true);
        straight.addAll(toWrite);
        toWrite.clear();
        return group;
    }

    Optional<Pending> oldest() {
        takeOutFirst();
        return Optional.ofNullable(straight.isEmpty() ? toWrite.peek() : straight.peek());
    }

    boolean isAnyStraight() {
        takeOutTold();
        return !straight.isEmpty();
    }

    /** Whether one was not told among those that entered first, up to and with this one. */
    boolean isAnyUpTo(long number) {
        return isAnyUpTo(number, straight) || isAnyUpTo(number, toWrite) || isAnyUpTo(number, writing);
    }

    private static boolean isAnyUpTo(long number, Iterable<Pending> inOrder) {
        for (Pending each : inOrder) {
            if (each.number > number) {
                return false;
            }
            if (!each.isTold()) {
                return true;
            }
        }
        return false;
    }
}
