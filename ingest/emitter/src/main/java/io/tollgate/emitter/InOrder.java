package io.tollgate.emitter;

import java.util.Iterator;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/**
 * Events in the order in which they came: a linked list whose links are in the events, so that nothing here needs memory
 * and none can be lost for want of it. An event is in one such list at most. Guarded by the line's lock.
 */
final class InOrder implements Iterable<Pending> {

    private @Nullable Pending first;
    private @Nullable Pending last;

    void add(Pending event) {
        if (last == null) {
            first = event;
        } else {
            last.next = event;
        }
        last = event;
    }

    @Nullable Pending peek() {
        return first;
    }

    /** Takes out the first. */
    void remove() {
        if (first == null) {
            throw new NoSuchElementException();
        }
        Pending removed = first;
        first = removed.next;
        removed.next = null;
        if (first == null) {
            last = null;
        }
    }

    /** Takes out those that were told, and says how many bytes they had. */
    long removeTold() {
        long bytes = 0;
        Pending kept = null;
        for (Pending event = first; event != null; ) {
            Pending next = event.next;
            if (event.isTold()) {
                bytes += event.bytes();
                event.next = null;
                if (kept == null) {
                    first = next;
                } else {
                    kept.next = next;
                }
            } else {
                kept = event;
            }
            event = next;
        }
        last = kept;
        return bytes;
    }

    /** Takes all of the other list to its end. */
    void addAll(InOrder other) {
        if (other.first == null) {
            return;
        }
        if (last == null) {
            first = other.first;
        } else {
            last.next = other.first;
        }
        last = other.last;
        other.first = null;
        other.last = null;
    }

    boolean isEmpty() {
        return first == null;
    }

    /** Not to be used on after a change. */
    @Override
    public Iterator<Pending> iterator() {
        return new Iterator<>() {
            private @Nullable Pending next = first;

            @Override
            public boolean hasNext() {
                return next != null;
            }

            @Override
            public Pending next() {
                Pending event = next;
                if (event == null) {
                    throw new NoSuchElementException();
                }
                next = event.next;
                return event;
            }
        };
    }
}
