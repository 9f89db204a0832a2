package io.tollgate.ingest.corrections;

import io.tollgate.events.EventIdentity;
import io.tollgate.events.UsageEvent;
import java.util.Map;
import java.util.TreeMap;

/** The event that takes back another. It follows from it, so that doing it twice makes copies of one event. */
public final class Reversal {

    private Reversal() {}

    /**
     * The same with negated amounts, at the same time.
     *
     * @param original no reversal itself; its amounts are zero or more
     */
    public static UsageEvent of(UsageEvent original) {
        EventIdentity reversed = new EventIdentity(original.getSource(), original.getId());
        EventIdentity identity = Derived.REVERSAL.of(reversed);
        Map<String, Long> amounts = new TreeMap<>();
        original.getQuantities().forEach((meter, amount) -> amounts.put(meter, Math.negateExact(amount)));
        return new UsageEvent(
                identity.getSource(),
                identity.getId(),
                original.getTime(),
                original.getDimensions(),
                original.getContextTokens(),
                amounts,
                reversed);
    }
}
