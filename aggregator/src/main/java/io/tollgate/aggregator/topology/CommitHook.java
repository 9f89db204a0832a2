package io.tollgate.aggregator.topology;

import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.processor.StateStore;
import org.apache.kafka.streams.processor.StateStoreContext;
import org.jspecify.annotations.Nullable;

/**
 * Runs something just before each commit that follows a change, in the transaction that the commit ends.
 *
 * <p>Streams has no such hook by name. But before it commits it flushes its caches ({@code StreamTask.prepareCommit}
 * calls {@code ProcessorStateManager.flushCache}), and flushing a cache is putting what is in it into the store below. So
 * this store lies below a cache, {@link #arm} puts something into the cache, and the commit's flush puts it in here.
 * A cache that is full flushes early, which does no harm. The timing is not documented: a test kills the job and counts,
 * and {@link #isOverdue} finds out at run time.
 */
final class CommitHook extends MemoryStore {

    private static final Bytes KEY = Bytes.wrap(new byte[] {1});
    private static final byte[] VALUE = {1};

    private Runnable beforeCommit = () -> {};
    private boolean armed;
    private long armedAtMillis;

    CommitHook(String name) {
        super(name);
    }

    @Override
    public void init(StateStoreContext context, StateStore root) {
        // The object outlives a failed transaction: what was armed then is void.
        armed = false;
        beforeCommit = () -> {};
        super.init(context, root);
    }

    /** What to run. */
    void beforeCommit(Runnable work) {
        // A store that was a standby copy comes here without init(); whatever was armed before is of another task.
        armed = false;
        beforeCommit = work;
    }

    /** Whether the next commit will run it already. */
    boolean isArmed() {
        return armed;
    }

    /**
     * Has the next commit run it. To be called after the change: the commit must not come between.
     *
     * @param cached this store as Streams wrapped it
     */
    void arm(org.apache.kafka.streams.state.KeyValueStore<Bytes, byte[]> cached, long nowMillis) {
        armed = true;
        armedAtMillis = nowMillis;
        cached.put(KEY, VALUE);
    }

    /** Whether it has been armed for longer than any commit takes to come. */
    boolean isOverdue(long nowMillis, long patienceMillis) {
        return armed && nowMillis - armedAtMillis > patienceMillis;
    }

    @Override
    public void put(Bytes key, byte @Nullable [] value) {
        armed = false;
        beforeCommit.run();
    }

    @Override
    void restore(byte[] value) {
        // There is no log of it.
    }
}
