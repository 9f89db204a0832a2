package io.tollgate.emitter.rules;

import io.tollgate.events.Dimensions;
import io.tollgate.events.EventIdentity;
import io.tollgate.events.UsageEvent;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a usage event must be to be accepted, whichever way it comes. There is no lower limit for its time but 1970: how
 * old an event may be is a policy of the way in, not of the event.
 */
public final class EventLimits {

    public static final int IDENTIFIER_CHARACTERS_MAX = 256;
    public static final int TAGS_MAX = 32;
    public static final int TAG_NAME_CHARACTERS_MAX = 64;
    public static final int TAG_VALUE_CHARACTERS_MAX = 256;
    public static final int QUANTITIES_MAX = 64;
    public static final Duration AHEAD_MAX = Duration.ofHours(24);

    public static final int TENANT_CHARACTERS_MAX = 128;
    public static final int METER_CHARACTERS_MAX = 64;

    private final UsageEvent event;
    private final Instant arrival;
    private final List<Fault> faults = new ArrayList<>(0);

    private EventLimits(UsageEvent event, Instant arrival) {
        this.event = event;
        this.arrival = arrival;
    }

    /**
     * All that is wrong with an event, in a fixed order; empty when it is acceptable.
     *
     * @param arrival when it came in, by the receiver's clock
     */
    public static List<Fault> check(UsageEvent event, Instant arrival) {
        EventLimits limits = new EventLimits(event, arrival);
        limits.identity();
        limits.dimensions();
        limits.tags();
        limits.quantities();
        limits.reversal();
        limits.times();
        return List.copyOf(limits.faults);
    }

    private void identity() {
        if (event.getSource().isEmpty()) {
            fault(RejectionReason.MISSING_ATTRIBUTE, "source is empty.");
        }
        if (event.getId().isEmpty()) {
            fault(RejectionReason.MISSING_ATTRIBUTE, "id is empty.");
        }
        identifier("source", event.getSource());
        identifier("id", event.getId());
    }

    private void dimensions() {
        Dimensions dimensions = event.getDimensions();
        if (required("tenant", dimensions.getTenant()) && !isTenant(dimensions.getTenant())) {
            fault(
                    RejectionReason.INVALID_IDENTIFIER,
                    "tenant " + Fault.shown(dimensions.getTenant()) + " is not a tenant's name.");
        }
        required("provider", dimensions.getProvider());
        required("model", dimensions.getModel());
        required("operation", dimensions.getOperation());
        required("serviceTier", dimensions.getServiceTier());
        required("outcome", dimensions.getOutcome());
        identifier("project", dimensions.getProject());
        identifier("provider", dimensions.getProvider());
        identifier("model", dimensions.getModel());
        identifier("requestedModel", dimensions.getRequestedModel());
        identifier("acceleratorType", dimensions.getAcceleratorType());
        identifier("region", dimensions.getRegion());
        identifier("operation", dimensions.getOperation());
        identifier("serviceTier", dimensions.getServiceTier());
        identifier("outcome", dimensions.getOutcome());
    }

    private void tags() {
        Map<String, String> tags = event.getDimensions().getTags();
        if (tags.size() > TAGS_MAX) {
            fault(RejectionReason.TOO_MANY_TAGS, "There are " + tags.size() + " tags.");
            return;
        }
        for (Map.Entry<String, String> tag : inOrder(tags).entrySet()) {
            if (tag.getKey().isEmpty() || !Text.fits(tag.getKey(), TAG_NAME_CHARACTERS_MAX)) {
                fault(RejectionReason.INVALID_TAG, "The tag " + Fault.shown(tag.getKey()) + " has a bad name.");
            } else if (!Text.fits(tag.getValue(), TAG_VALUE_CHARACTERS_MAX)) {
                fault(
                        RejectionReason.INVALID_TAG,
                        "The tag " + Fault.shown(tag.getKey()) + " has the bad value " + Fault.shown(tag.getValue())
                                + ".");
            }
        }
    }

    private void quantities() {
        Map<String, Long> quantities = event.getQuantities();
        if (quantities.isEmpty()) {
            fault(RejectionReason.NO_QUANTITIES, "quantities is empty.");
        }
        if (quantities.size() > QUANTITIES_MAX) {
            fault(RejectionReason.TOO_MANY_QUANTITIES, "There are " + quantities.size() + " quantities.");
            return;
        }
        boolean reversal = event.getReverses() != null;
        for (Map.Entry<String, Long> quantity : inOrder(quantities).entrySet()) {
            String meter = quantity.getKey();
            long amount = quantity.getValue();
            if (!isMeter(meter)) {
                fault(RejectionReason.INVALID_METER, Fault.shown(meter) + " is not a meter's name.");
            } else if (reversal && amount > 0) {
                fault(RejectionReason.POSITIVE_REVERSAL, "The reversal has " + amount + " of " + meter + ".");
            } else if (!reversal && amount < 0) {
                fault(RejectionReason.NEGATIVE_QUANTITY, meter + " is " + amount + ".");
            }
        }
        if (event.getContextTokens() < 0) {
            fault(RejectionReason.NEGATIVE_CONTEXT, "contextTokens is " + event.getContextTokens() + ".");
        }
    }

    private void reversal() {
        EventIdentity reverses = event.getReverses();
        if (reverses == null) {
            return;
        }
        if (reverses.getSource().isEmpty() || reverses.getId().isEmpty()) {
            fault(RejectionReason.INVALID_REVERSAL, "reverses has no source or no id.");
        } else if (reverses.getSource().equals(event.getSource())
                && reverses.getId().equals(event.getId())) {
            fault(RejectionReason.INVALID_REVERSAL, "The event reverses itself.");
        }
        identifier("reverses.source", reverses.getSource());
        identifier("reverses.id", reverses.getId());
    }

    private void times() {
        if (event.getTime().isBefore(Instant.EPOCH)) {
            fault(RejectionReason.TIME_BEFORE_1970, "The time is " + event.getTime() + ".");
        } else if (event.getTime().isAfter(arrival.plus(AHEAD_MAX))) {
            fault(
                    RejectionReason.TIME_IN_FUTURE,
                    "The time is " + event.getTime() + ", but the event came at " + arrival + ".");
        }
    }

    private boolean required(String name, String value) {
        if (value.isEmpty()) {
            fault(RejectionReason.MISSING_DIMENSION, name + " is empty.");
        }
        return !value.isEmpty();
    }

    /** Empty means "not told"; whether that may be is another question. */
    private void identifier(String name, String value) {
        if (!value.isEmpty() && (value.isBlank() || !Text.fits(value, IDENTIFIER_CHARACTERS_MAX))) {
            fault(RejectionReason.INVALID_IDENTIFIER, name + " is " + Fault.shown(value) + ".");
        }
    }

    /** A letter or digit, then letters, digits and {@code . _ @ -}. */
    private static boolean isTenant(String name) {
        boolean good = !name.isEmpty() && name.length() <= TENANT_CHARACTERS_MAX;
        for (int i = 0; good && i < name.length(); i++) {
            char c = name.charAt(i);
            good = isLower(c) || (c >= 'A' && c <= 'Z') || isDigit(c) || (i > 0 && "._@-".indexOf(c) >= 0);
        }
        return good;
    }

    /** A small letter, then small letters, digits and {@code _}. */
    private static boolean isMeter(String name) {
        boolean good = !name.isEmpty() && name.length() <= METER_CHARACTERS_MAX;
        for (int i = 0; good && i < name.length(); i++) {
            char c = name.charAt(i);
            good = isLower(c) || (i > 0 && (isDigit(c) || c == '_'));
        }
        return good;
    }

    private static boolean isLower(char c) {
        return c >= 'a' && c <= 'z';
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    private void fault(RejectionReason reason, String detail) {
        faults.add(new Fault(reason, detail));
    }

    /** The same event gives the same faults in the same order, whatever the map. */
    private static <V> Map<String, V> inOrder(Map<String, V> map) {
        boolean isInOrder =
                map.size() <= 1 || (map instanceof SortedMap<String, V> sorted && sorted.comparator() == null);
        return isInOrder ? map : new TreeMap<>(map);
    }
}
