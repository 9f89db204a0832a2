package io.tollgate.ingest.http;

import java.util.Optional;
import java.util.concurrent.Semaphore;

/**
 * A bound on what is worked on at once: requests, and the bytes of their bodies as they are unpacked. It never waits,
 * because whoever waits holds a thread: what has no room is to be sent again later. Safe for use by many threads.
 */
public final class InFlight {

    private final Semaphore requests;
    private final Semaphore bytes;

    public InFlight(Limits limits) {
        this.requests = new Semaphore(limits.requests());
        this.bytes = new Semaphore(limits.bytes());
    }

    /**
     * How much at once.
     *
     * @param requests at least 1
     * @param bytes of all bodies together, unpacked; at least 1, and below 16 MiB the largest bodies are never taken. A
     *     request takes about three times the size of its body
     */
    public record Limits(int requests, int bytes) {

        /** 256 requests and 64 MiB, four bodies of the largest size. */
        public static final Limits DEFAULT = new Limits(256, 64 << 20);

        public Limits {
            if (requests < 1 || bytes < 1) {
                throw new IllegalArgumentException("nothing could ever be taken");
            }
        }
    }

    /** A place for one more request, if there is one; whoever gets it closes it. */
    public Optional<Place> enter() {
        return requests.tryAcquire() ? Optional.of(new Place()) : Optional.empty();
    }

    /** One request's share; for use by one thread. */
    public final class Place implements AutoCloseable {

        private int taken;
        private boolean closed;

        private Place() {}

        /** Takes room for so many more bytes, or none and says so. */
        public boolean take(int more) {
            if (closed || !bytes.tryAcquire(more)) {
                return false;
            }
            taken += more;
            return true;
        }

        /** Gives all of it back. Idempotent. */
        @Override
        public void close() {
            if (!closed) {
                closed = true;
                bytes.release(taken);
                requests.release();
            }
        }
    }
}
