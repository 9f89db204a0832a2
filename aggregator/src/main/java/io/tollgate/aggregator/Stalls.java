package io.tollgate.aggregator;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/**
 * For how long each stream thread has had events to process and committed nothing. An idle thread commits nothing and is
 * well, and so is one that has just been given something to do.
 */
final class Stalls {

    /**
     * What can be seen of a thread.
     *
     * @param commits since it was started
     * @param waiting events in the partitions that it processes
     */
    record Worker(double commits, long waiting) {}

    private record Since(double commits, long nanos) {}

    private final Map<String, Since> threads = new HashMap<>();

    /**
     * Looks at all threads.
     *
     * @param working whether the job is to process at all: it runs, and is not held back
     * @return the longest stall; zero when there is none
     */
    Duration look(Map<String, Worker> now, boolean working, long nanos) {
        threads.keySet().retainAll(now.keySet());
        long longest = 0;
        for (Map.Entry<String, Worker> entry : now.entrySet()) {
            Worker worker = entry.getValue();
            Since before = threads.get(entry.getKey());
            if (before == null || !working || worker.waiting() == 0 || worker.commits() != before.commits()) {
                threads.put(entry.getKey(), new Since(worker.commits(), nanos));
            } else {
                longest = Math.max(longest, nanos - before.nanos());
            }
        }
        return Duration.ofNanos(longest);
    }
}
