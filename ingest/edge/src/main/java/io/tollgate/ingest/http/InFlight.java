package io.tollgate.ingest.http;

import java.util.Optional;
import java.util.concurrent.Semaphore;

/**
 * A bound on what is worked on at once: requests, memory for them, and disk for their bodies. It never waits, because
 * whoever waits holds a thread: what has no room is to be sent again later. Safe for use by many threads.
 */
public final class InFlight {

    private final Semaphore requests;
    private final Semaphore memory;
    private final Semaphore disk;

    public InFlight(Limits limits) {
        this.requests = new Semaphore(limits.requests());
        this.memory = new Semaphore(limits.memoryBytes());
        this.disk = new Semaphore(limits.diskBytes());
    }

    /**
     * How much at once; each at least 1.
     *
     * @param memoryBytes for small bodies, and for the events of all requests on their way; below {@link #MEMORY_MIN} the
     *     largest are never taken
     * @param diskBytes for the bodies that are not held in memory; the same is true below {@link #DISK_MIN}
     */
    public record Limits(int requests, int memoryBytes, int diskBytes) {

        private static final int REQUESTS = 256;
        /** So much a request of 10,000 events takes, one of them of 1 MiB. */
        public static final int MEMORY_MIN = 12 << 20;
        /** The largest body. */
        public static final int DISK_MIN = 16 << 20;

        private static final int MEMORY_MAX = 256 << 20;
        private static final int HEAP_SHARE = 8;

        public Limits {
            if (requests < 1 || memoryBytes < 1 || diskBytes < 1) {
                throw new IllegalArgumentException("nothing could ever be taken");
            }
        }

        /** 256 requests, an eighth of the heap but 12 to 256 MiB, and 1 GiB of disk: 64 bodies of the largest size. */
        public static Limits usual() {
            long share = Runtime.getRuntime().maxMemory() / HEAP_SHARE;
            return new Limits(REQUESTS, (int) Math.max(MEMORY_MIN, Math.min(MEMORY_MAX, share)), 1 << 30);
        }
    }

    /** A place for one more request, if there is one; whoever gets it closes it. */
    public Optional<Place> enter() {
        return requests.tryAcquire() ? Optional.of(new Place()) : Optional.empty();
    }

    /** One request's share; for use by one thread. */
    public final class Place implements AutoCloseable {

        private int inMemory;
        private int onDisk;
        private boolean closed;

        private Place() {}

        /** Takes so many more bytes of memory, or none and says so. */
        public boolean takeMemory(int more) {
            if (closed || !memory.tryAcquire(more)) {
                return false;
            }
            inMemory += more;
            return true;
        }

        /** Takes so many more bytes of disk, or none and says so. */
        public boolean takeDisk(int more) {
            if (closed || !disk.tryAcquire(more)) {
                return false;
            }
            onDisk += more;
            return true;
        }

        /** Gives back so much of the memory that it has taken. */
        public void giveMemory(int less) {
            memory.release(less);
            inMemory -= less;
        }

        /** Gives all memory back. */
        void giveMemory() {
            giveMemory(inMemory);
        }

        /** Gives all of it back. Idempotent. */
        @Override
        public void close() {
            if (!closed) {
                closed = true;
                giveMemory();
                disk.release(onDisk);
                requests.release();
            }
        }
    }
}
