package io.tollgate.invoicing.webhook;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * What came of an attempt.
 *
 * @param status of HTTP; absent if there was no answer
 * @param error why it failed, a phrase; absent if it did not
 * @param retryAfter how long the receiver wants to be left alone
 */
public record Answer(Optional<Integer> status, Optional<String> error, Optional<Duration> retryAfter) {

    private static final int OK_MIN = 200;
    private static final int OK_MAX = 299;
    private static final int GONE = 410;

    /** What follows for the delivery. */
    public sealed interface Verdict {

        /** It has arrived. */
        record Delivered() implements Verdict {}

        /** It is tried again. */
        record Again(Instant at) implements Verdict {}

        /**
         * It is not tried again, unless somebody asks for it.
         *
         * @param closesEndpoint whether nothing else is sent to the endpoint either
         */
        record GivenUp(boolean closesEndpoint) implements Verdict {}
    }

    /** An answer with a status. Only 2xx is success: redirects are not followed. */
    public static Answer of(int status, Optional<Duration> retryAfter) {
        return new Answer(
                Optional.of(status),
                isSuccess(status) ? Optional.empty() : Optional.of("answered " + status),
                retryAfter);
    }

    /** None came. */
    public static Answer none(String why) {
        return new Answer(Optional.empty(), Optional.of(why), Optional.empty());
    }

    public boolean isSuccess() {
        return status.isPresent() && isSuccess(status.get());
    }

    private static boolean isSuccess(int status) {
        return status >= OK_MIN && status <= OK_MAX;
    }

    /**
     * What follows from this answer.
     *
     * @param made how many attempts there were, this one included
     */
    public Verdict verdict(int made, RetrySchedule schedule, RandomGenerator random, Instant now) {
        if (isSuccess()) {
            return new Verdict.Delivered();
        }
        if (status.equals(Optional.of(GONE))) {
            return new Verdict.GivenUp(true);
        }
        return schedule.delayAfter(made, random)
                .<Verdict>map(delay -> new Verdict.Again(now.plus(longer(delay, schedule))))
                .orElseGet(() -> new Verdict.GivenUp(false));
    }

    /** What the receiver asks for, but no more than the schedule's longest: it must not put us off for ever. */
    private Duration longer(Duration delay, RetrySchedule schedule) {
        return retryAfter
                .map(wanted -> wanted.compareTo(schedule.longest()) > 0 ? schedule.longest() : wanted)
                .filter(wanted -> wanted.compareTo(delay) > 0)
                .orElse(delay);
    }
}
