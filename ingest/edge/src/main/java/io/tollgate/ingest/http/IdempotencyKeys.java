package io.tollgate.ingest.http;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Answers by the key that their requests came with, so that the same request gets the same answer. Bounded three ways:
 * by the number of keys, by the weight of the answers, and by age; what is gone is simply worked on again. Safe for use
 * by many threads.
 *
 * @param <A> an answer
 */
public final class IdempotencyKeys<A> {

    /** How long an answer is kept at most. */
    public static final Duration AGE_MAX = Duration.ofHours(24);

    private final int keysMax;
    private final long weightMax;
    private final InstantSource clock;
    /** The oldest first. */
    private final Map<String, Entry<A>> entries = new LinkedHashMap<>();

    private long weight;

    /** @param weightMax of all answers together, in the unit of {@link #answered} */
    public IdempotencyKeys(int keysMax, long weightMax, InstantSource clock) {
        this.keysMax = keysMax;
        this.weightMax = weightMax;
        this.clock = clock;
    }

    private record Entry<A>(String digest, Instant since, Optional<A> answer, long weight) {}

    /** What is known of a key. */
    public sealed interface Claim<A> {

        /** Nothing: work on it, then say {@link #answered}, and in any case {@link #release}. */
        record First<A>() implements Claim<A> {}

        /** The same request was answered so. */
        record Again<A>(A answer) implements Claim<A> {}

        /** The same request is being worked on. */
        record Running<A>() implements Claim<A> {}

        /** Another request had this key. */
        record OfAnother<A>() implements Claim<A> {}
    }

    /**
     * Asks for a key, and takes it if nobody has it.
     *
     * @param digest of all that makes requests different
     */
    public synchronized Claim<A> claim(String key, String digest) {
        Instant now = clock.instant();
        evict(now);
        Entry<A> known = entries.get(key);
        if (known == null) {
            entries.put(key, new Entry<>(digest, now, Optional.empty(), 0));
            return new Claim.First<>();
        }
        if (!known.digest().equals(digest)) {
            return new Claim.OfAnother<>();
        }
        return known.answer().isPresent() ? new Claim.Again<>(known.answer().get()) : new Claim.Running<>();
    }

    /**
     * Keeps the answer to a request whose key was taken.
     *
     * @param answerWeight about how much room it needs, at least 1
     */
    public synchronized void answered(String key, A answer, long answerWeight) {
        Entry<A> running = entries.get(key);
        if (running != null && running.answer().isEmpty()) {
            entries.put(key, new Entry<>(running.digest(), running.since(), Optional.of(answer), answerWeight));
            weight += answerWeight;
            evict(clock.instant());
        }
    }

    /** Gives a key back that has no answer, so that the request can be tried again; one with an answer stays. */
    public synchronized void release(String key) {
        Entry<A> entry = entries.get(key);
        if (entry != null && entry.answer().isEmpty()) {
            entries.remove(key);
        }
    }

    /** How many keys are known. */
    public synchronized int size() {
        return entries.size();
    }

    private void evict(Instant now) {
        Iterator<Entry<A>> oldest = entries.values().iterator();
        while (oldest.hasNext()) {
            Entry<A> entry = oldest.next();
            boolean tooOld = entry.since().plus(AGE_MAX).isBefore(now);
            if (!tooOld && entries.size() <= keysMax && weight <= weightMax) {
                return;
            }
            // What is being worked on stays: its sender may ask again meanwhile, and there are no more than requests.
            if (entry.answer().isPresent()) {
                weight -= entry.weight();
                oldest.remove();
            }
        }
    }
}
