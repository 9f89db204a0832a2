package io.tollgate.invoicing.delivery;

import io.tollgate.invoicing.webhook.RetrySchedule;
import java.time.Duration;

/**
 * How webhooks are delivered.
 *
 * @param allowHttp takes endpoints without TLS too
 * @param allowPrivateAddresses calls addresses too that are not of the public internet
 * @param schedule when what failed is tried again
 * @param connectTimeout for the connection
 * @param timeout for an attempt as a whole
 * @param lease how long an instance has a delivery to itself; another takes it over then. Longer than an attempt, the
 *     look-up of names and the difference of the instances' clocks together
 * @param pollInterval how long to wait when nothing is due
 * @param threads how many attempts are under way at once
 * @param perEndpoint how many of them at one endpoint, so that one that does not answer does not hold up the others
 */
public record WebhookConfig(
        boolean allowHttp,
        boolean allowPrivateAddresses,
        RetrySchedule schedule,
        Duration connectTimeout,
        Duration timeout,
        Duration lease,
        Duration pollInterval,
        int threads,
        int perEndpoint) {

    public WebhookConfig {
        if (lease.compareTo(timeout) <= 0) {
            throw new IllegalArgumentException("a lease of " + lease + " ends before an attempt of " + timeout);
        }
        if (threads < 1 || perEndpoint < 1) {
            throw new IllegalArgumentException(
                    "nothing would be sent: threads " + threads + ", per endpoint " + perEndpoint);
        }
    }

    /** Public addresses over HTTPS only, an attempt of 15 s, a lease of 2 min. */
    public static WebhookConfig usual() {
        return new WebhookConfig(
                false,
                false,
                RetrySchedule.usual(),
                Duration.ofSeconds(5),
                Duration.ofSeconds(15),
                Duration.ofMinutes(2),
                Duration.ofSeconds(1),
                8,
                2);
    }

    /** The same, but taking endpoints without TLS and on private addresses. */
    public WebhookConfig withinOwnNetwork() {
        return new WebhookConfig(
                true, true, schedule, connectTimeout, timeout, lease, pollInterval, threads, perEndpoint);
    }

    /** The same with another schedule. */
    public WebhookConfig withSchedule(RetrySchedule other) {
        return new WebhookConfig(
                allowHttp,
                allowPrivateAddresses,
                other,
                connectTimeout,
                timeout,
                lease,
                pollInterval,
                threads,
                perEndpoint);
    }
}
