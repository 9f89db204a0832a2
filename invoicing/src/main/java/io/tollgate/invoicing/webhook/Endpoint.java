package io.tollgate.invoicing.webhook;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;

/**
 * Where events are sent to.
 *
 * @param secret the current one
 * @param former the one before, if it was replaced
 * @param disabledBecause why we disabled it; absent if somebody else did, or it is enabled
 */
public record Endpoint(
        String id,
        Wish wish,
        Secret secret,
        Optional<Former> former,
        Optional<String> disabledBecause,
        Instant createdAt) {

    /**
     * What its owner says of it.
     *
     * @param eventTypes only these; all if there are none
     * @param tenants only events that concern one of these; all if there are none
     */
    public record Wish(
            String url, SortedSet<String> eventTypes, SortedSet<String> tenants, boolean enabled, String description) {}

    /**
     * A secret that was replaced.
     *
     * @param until signed with until then
     */
    public record Former(Secret secret, Instant until) {}

    /** What is signed with now, the current one first. */
    public List<Secret> secrets(Instant now) {
        List<Secret> secrets = new ArrayList<>(List.of(secret));
        former.filter(old -> now.isBefore(old.until())).map(Former::secret).ifPresent(secrets::add);
        return List.copyOf(secrets);
    }
}
