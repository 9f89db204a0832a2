package io.tollgate.aggregator;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.streams.processor.StandbyUpdateListener;
import org.apache.kafka.streams.processor.StateRestoreListener;
import org.apache.kafka.streams.processor.TaskId;

/** How far the restore of stores is, and how far standby copies are behind. In offsets of the stores' logs. */
final class RestoreProgress implements StateRestoreListener, StandbyUpdateListener {

    private record Range(long from, long to, long position) {}

    /**
     * What is being restored.
     *
     * @param logs how many stores' logs are being read
     * @param records how many records those hold from where the reading began
     * @param remaining how many of those are to be read yet
     */
    record Restore(int logs, long records, long remaining) {

        /** The part that is done, 0 to 1; 1 when nothing is being restored. */
        double fraction() {
            return records == 0 ? 1 : 1 - (double) remaining / records;
        }
    }

    private final AtomicLong recordsRead = new AtomicLong();
    private final Map<TopicPartition, Range> restoring = new ConcurrentHashMap<>();
    private final Map<TopicPartition, Range> standbys = new ConcurrentHashMap<>();

    Restore restore() {
        int logs = 0;
        long records = 0;
        long remaining = 0;
        for (Range range : restoring.values()) {
            logs++;
            records += range.to() - range.from();
            remaining += Math.max(0, range.to() - range.position());
        }
        return new Restore(logs, records, remaining);
    }

    /** Records that were read to restore stores since the start. */
    long recordsRead() {
        return recordsRead.get();
    }

    /** How many stores' logs are copied here for others. */
    int standbyLogs() {
        return standbys.size();
    }

    /** Records that the standby copies here have yet to read. */
    long standbyLag() {
        return standbys.values().stream()
                .mapToLong(range -> Math.max(0, range.to() - range.position()))
                .sum();
    }

    @Override
    public void onRestoreStart(TopicPartition log, String store, long startingOffset, long endingOffset) {
        standbys.remove(log);
        if (endingOffset > startingOffset) {
            restoring.put(log, new Range(startingOffset, endingOffset, startingOffset));
        }
    }

    @Override
    public void onBatchRestored(TopicPartition log, String store, long batchEndOffset, long restored) {
        recordsRead.addAndGet(restored);
        restoring.computeIfPresent(log, (same, range) -> new Range(range.from(), range.to(), batchEndOffset + 1));
    }

    @Override
    public void onRestoreEnd(TopicPartition log, String store, long restored) {
        restoring.remove(log);
    }

    @Override
    public void onRestoreSuspended(TopicPartition log, String store, long restored) {
        restoring.remove(log);
    }

    @Override
    public void onUpdateStart(TopicPartition log, String store, long startingOffset) {
        restoring.remove(log);
        standbys.put(log, new Range(startingOffset, startingOffset, startingOffset));
    }

    @Override
    public void onBatchLoaded(
            TopicPartition log, String store, TaskId task, long batchEndOffset, long batchSize, long currentEndOffset) {
        standbys.computeIfPresent(log, (same, range) -> new Range(range.from(), currentEndOffset, batchEndOffset + 1));
    }

    @Override
    public void onUpdateSuspended(
            TopicPartition log, String store, long storeOffset, long currentEndOffset, SuspendReason reason) {
        standbys.remove(log);
    }
}
