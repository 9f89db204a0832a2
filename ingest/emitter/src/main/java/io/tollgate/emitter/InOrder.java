package io.tollgate.emitter;

import java.util.Iterator;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/**
 * Events in the order in which they came, any of which may leave: a linked list whose links are in the events, because a
 * hashed set costs a source as much for each event as encoding it. An event is in one such list at most. Guarded by the
 * line's lock.
 */
final class InOrder implements Iterable<Pending> {

    private @Nullable Pending first;
    private @Nullable Pending last;

    void add(Pending event) {
        event.previous = last;
        event.isListed = true;
        if (last == null) {
            first = event;
        } else {
            last.next = event;
        }
        last = event;
    }

    /** Does nothing when it is not there. */
    void remove(Pending event) {
        if (!event.isListed) {
            return;
        }
        Pending before = event.previous;
        Pending after = event.next;
        if (before == null) {
            first = after;
        } else {
            before.next = after;
        }
        if (after == null) {
            last = before;
        } else {
            after.previous = before;
        }
        event.previous = null;
        event.next = null;
        event.isListed = false;
    }

    boolean contains(Pending event) {
        return event.isListed;
    }

    boolean isEmpty() {
        return first == null;
    }

    void clear() {
        for (Pending event = first; event != null; event = first) {
            remove(event);
        }
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
