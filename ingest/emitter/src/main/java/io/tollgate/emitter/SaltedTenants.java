package io.tollgate.emitter;

import io.tollgate.events.EventIdentity;
import io.tollgate.events.UsageEvent;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.zip.CRC32C;

/**
 * Which key an event gets, and so which partition. The key is the tenant, so that all copies of an event meet in one
 * partition, where the job drops all but one. A salted tenant has several keys instead, {@code acme#0}, {@code acme#1},
 * …: the number is the CRC-32C of the event's source and id (UTF-8, with a zero byte between) modulo the number of keys.
 * So the same event always meets the same partition, here as anywhere, and the tenant's events are spread. Readers sum
 * over partitions anyway. A reversal has the number of the event that it takes back, because only where the job has seen
 * that event can it take back what does not add up, such as a maximum.
 *
 * <p>All emitters of a tenant need the same setting. While it is changed, copies of one event that are sent before and
 * after meet in different partitions and count twice: let sources finish their retries and spools first.
 *
 * @param tenants who are salted
 * @param keys how many keys each of them has: 1 to 4096; several times the number of partitions spreads evenly
 */
public record SaltedTenants(Set<String> tenants, int keys) {

    /** Every key is its tenant. */
    public static final SaltedTenants NONE = new SaltedTenants(Set.of(), 1);

    private static final int KEYS_MAX = 4096;

    public SaltedTenants {
        tenants = Set.copyOf(tenants);
        if (keys < 1 || keys > KEYS_MAX) {
            throw new IllegalArgumentException("a salted tenant has 1 to " + KEYS_MAX + " keys, not " + keys);
        }
    }

    byte[] keyOf(UsageEvent event) {
        String tenant = event.getDimensions().getTenant();
        // '#' is in no tenant's name, so no two tenants share a key.
        String key = tenants.contains(tenant) ? tenant + "#" + salt(event) : tenant;
        return key.getBytes(StandardCharsets.UTF_8);
    }

    private long salt(UsageEvent event) {
        EventIdentity reversed = event.getReverses();
        CRC32C hash = new CRC32C();
        hash.update((reversed == null ? event.getSource() : reversed.getSource()).getBytes(StandardCharsets.UTF_8));
        hash.update(0);
        hash.update((reversed == null ? event.getId() : reversed.getId()).getBytes(StandardCharsets.UTF_8));
        return hash.getValue() % keys;
    }
}
