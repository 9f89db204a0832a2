package io.tollgate.ingest.corrections;

import io.tollgate.emitter.rules.EventLimits;
import io.tollgate.events.EventIdentity;
import io.tollgate.events.UsageEvent;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;

/** The event that takes back another. It follows from it, so that doing it twice makes copies of one event. */
public final class Reversal {

    private static final String SUFFIX = ":reversal";
    /** Ends in hexadecimal digits and never in the suffix, so no two ids share a reversal's. */
    private static final String HASHED = "reversal:sha-256:";

    private Reversal() {}

    /** The original's source; its id and {@code :reversal}, or, where that is too long for an id, the id's SHA-256. */
    public static EventIdentity identityOf(EventIdentity original) {
        String id = original.getId() + SUFFIX;
        return new EventIdentity(
                original.getSource(),
                id.codePointCount(0, id.length()) <= EventLimits.IDENTIFIER_CHARACTERS_MAX
                        ? id
                        : HASHED + sha256(original.getId()));
    }

    /**
     * The same with negated amounts, at the same time.
     *
     * @param original no reversal itself; its amounts are zero or more
     */
    public static UsageEvent of(UsageEvent original) {
        EventIdentity reversed = new EventIdentity(original.getSource(), original.getId());
        EventIdentity identity = identityOf(reversed);
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

    private static String sha256(String text) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
