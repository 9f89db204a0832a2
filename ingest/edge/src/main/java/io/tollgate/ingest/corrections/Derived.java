package io.tollgate.ingest.corrections;

import io.tollgate.emitter.rules.EventLimits;
import io.tollgate.events.EventIdentity;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;

/**
 * Identities that follow from an event's: of what takes it back, and of what comes in its place. Because they follow, the
 * job itself sees to it that an event is taken back once, and amended once.
 */
public enum Derived {
    REVERSAL,
    AMENDMENT;

    private final String word = name().toLowerCase(Locale.ROOT);

    /**
     * The original's source; its id and {@code :reversal} or {@code :amendment}, or, where that is too long for an id, the
     * id's SHA-256. The long form ends in hexadecimal digits and never in the word, so no two ids share one.
     */
    public EventIdentity of(EventIdentity original) {
        String id = original.getId() + ":" + word;
        return new EventIdentity(
                original.getSource(),
                id.codePointCount(0, id.length()) <= EventLimits.IDENTIFIER_CHARACTERS_MAX
                        ? id
                        : word + ":sha-256:" + sha256(original.getId()));
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
