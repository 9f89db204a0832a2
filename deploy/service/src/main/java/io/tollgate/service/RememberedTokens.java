package io.tollgate.service;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * Remembers for a few seconds whose a token is, so that not every request asks the source, and a revocation still counts
 * soon. What is nobody's is not remembered: strangers could fill the memory with it. Safe for use by many threads.
 */
final class RememberedTokens implements TokenSource {

    /** How long a token may still be taken after it was revoked. */
    static final Duration LONGEST = Duration.ofSeconds(5);

    static final int MOST = 10_000;

    private record Remembered(Caller caller, long untilNanos) {}

    private final TokenSource source;
    private final LongSupplier nanos;

    /** By the token's hash: tokens themselves are in no dump of the memory. All are kept equally long, oldest first. */
    private final Map<String, Remembered> remembered = new LinkedHashMap<>();

    /** @param nanos a clock that only goes forward, as {@link System#nanoTime} */
    RememberedTokens(TokenSource source, LongSupplier nanos) {
        this.source = source;
        this.nanos = nanos;
    }

    @Override
    public Optional<Caller> callerOf(String token) {
        String key = sha256(token);
        // Before the source is asked: what is revoked while it answers must not be remembered the longer for it.
        long now = nanos.getAsLong();
        Optional<Caller> known = known(key, now);
        if (known.isPresent()) {
            return known;
        }
        Optional<Caller> found = source.callerOf(token);
        found.ifPresent(caller -> remember(key, new Remembered(caller, now + LONGEST.toNanos())));
        return found;
    }

    private synchronized Optional<Caller> known(String key, long now) {
        return Optional.ofNullable(remembered.get(key))
                .filter(each -> each.untilNanos - now > 0)
                .map(Remembered::caller);
    }

    private synchronized void remember(String key, Remembered caller) {
        remembered.remove(key);
        if (remembered.size() == MOST) {
            remembered.remove(remembered.keySet().iterator().next());
        }
        remembered.put(key, caller);
    }

    private static String sha256(String text) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
