package io.tollgate.emitter;

import java.util.ArrayList;
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
    /** How long not to look through all again for those that were told: there may be a hundred thousand. */
    static final long PAUSE_NANOS = 5_000_000;

    private final long capacityBytes;

    private final InOrder straight = new InOrder();
    private final InOrder toWrite = new InOrder();
    /** Being written to the spool, or just written and not all told. */
    private List<Pending> writing = List.of();
    /** Of all in the above. */
    private long bytes;

    private long lookedAtAllNanos = System.nanoTime();

    /** @param capacityBytes that they may take together; one event always may */
    Held(long capacityBytes) {
        this.capacityBytes = capacityBytes;
    }

    /** To be asked again after {@link #PAUSE_NANOS}, though nobody says that one was told. */
    boolean isRoomFor(Pending pending) {
        takeOutFirst();
        if (bytes + pending.bytes() <= capacityBytes) {
            return true;
        }
        if (System.nanoTime() - lookedAtAllNanos < PAUSE_NANOS) {
            return bytes == 0;
        }
        takeOutTold();
        lookedAtAllNanos = System.nanoTime();
        return bytes == 0 || bytes + pending.bytes() <= capacityBytes;
    }

    void addStraight(Pending pending) {
        takeOutFirst();
        straight.add(pending);
        bytes += pending.bytes();
        pending.isStraight = true;
    }

    void addToWrite(Pending pending) {
        toWrite.add(pending);
        bytes += pending.bytes();
    }

    /** All that were told from the oldest on: what is usual, as Kafka answers nearly in order. */
    private void takeOutFirst() {
        for (Pending first = straight.peek(); first != null && first.isTold(); first = straight.peek()) {
            bytes -= first.bytes();
            straight.remove();
        }
    }

    /** Also from behind one that was not. Should memory run out, nothing has changed. */
    void takeOutTold() {
        List<Pending> open = new ArrayList<>(writing.size());
        long told = 0;
        for (Pending each : writing) {
            // Asked once: it may be told meanwhile.
            if (each.isTold()) {
                told += each.bytes();
            } else {
                open.add(each);
            }
        }
        writing = open;
        bytes -= told + straight.removeTold() + toWrite.removeTold();
    }

    /** Those on their way to Kafka are to be written, before the others. */
    void writeAll() {
        for (Pending each = straight.peek(); each != null; each = each.next) {
            each.isStraight = false;
        }
        straight.addAll(toWrite);
        toWrite.addAll(straight);
    }

    boolean isAnyToWrite() {
        return !toWrite.isEmpty();
    }

    /** Something went wrong when it was written, and it could not even be refused. */
    boolean isAnyToWriteAgain() {
        return writing.stream().anyMatch(each -> !each.isDecided());
    }

    boolean isAnyBeingWritten() {
        return writing.stream().anyMatch(each -> !each.isTold());
    }

    /** Takes the next ones to write, some of them perhaps again; of new ones {@code most}. */
    List<Pending> nextGroup(long most) {
        List<Pending> group = new ArrayList<>(writing);
        long left = most;
        long groupBytes = 0;
        for (Pending next = toWrite.peek(); next != null && groupBytes < GROUP_BYTES && left > 0; next = next.next) {
            groupBytes += next.message().bytes();
            group.add(next);
            left--;
        }
        int taken = group.size() - writing.size();
        writing = group;
        for (int i = 0; i < taken; i++) {
            toWrite.remove();
        }
        return group;
    }

    int beingWritten() {
        return writing.size();
    }

    /** Those that were to be written are on their way to Kafka instead; the ones to send, in order. */
    List<Pending> goStraight() {
        takeOutTold();
        List<Pending> group = new ArrayList<>();
        for (Pending each = toWrite.peek(); each != null; each = each.next) {
            // One that is being told has not left yet, but needs no sending.
            if (!each.isDecided()) {
                group.add(each);
            }
        }
        for (Pending each = toWrite.peek(); each != null; each = each.next) {
            each.isStraight = true;
        }
        straight.addAll(toWrite);
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
