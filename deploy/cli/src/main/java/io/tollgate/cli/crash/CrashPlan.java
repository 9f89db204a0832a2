package io.tollgate.cli.crash;

/**
 * What a crash run does.
 *
 * @param kills how often the aggregator is killed
 * @param events how many messages are sent meanwhile
 * @param seed decides the load and the moments
 */
public record CrashPlan(int kills, int events, long seed) {

    public CrashPlan {
        if (kills < 1 || events <= kills) {
            throw new IllegalArgumentException(
                    "at least one kill, and more events than kills, not %d and %d".formatted(kills, events));
        }
    }
}
