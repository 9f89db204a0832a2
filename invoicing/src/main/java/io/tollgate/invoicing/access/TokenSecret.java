package io.tollgate.invoicing.access;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;

/**
 * What a tenant sends to be known.
 *
 * @param text {@code tgt_} and 192 random bits in hexadecimal digits; a prefix of our own, so that scanners for leaked
 *     secrets can know it
 */
public record TokenSecret(String text) {

    private static final String PREFIX = "tgt_";
    private static final int DRAWN_BYTES = 24;
    private static final Pattern SYNTAX = Pattern.compile(PREFIX + "[0-9a-f]{" + 2 * DRAWN_BYTES + "}");

    public TokenSecret {
        if (!SYNTAX.matcher(text).matches()) {
            throw new IllegalArgumentException("a tenant's token is " + SYNTAX);
        }
    }

    /** A fresh one. */
    public static TokenSecret draw(RandomGenerator random) {
        byte[] bytes = new byte[DRAWN_BYTES];
        random.nextBytes(bytes);
        return new TokenSecret(PREFIX + HexFormat.of().formatHex(bytes));
    }

    /** Empty if it can be none, so that nobody needs to look for it. */
    public static Optional<TokenSecret> read(String text) {
        return SYNTAX.matcher(text).matches() ? Optional.of(new TokenSecret(text)) : Optional.empty();
    }

    /**
     * SHA-256 of the text, the only thing that is kept of it. That many random bits need no slow hash, and are found by an
     * index: the time that a search takes tells of hashes, from which nobody gets to a token.
     */
    public byte[] digest() {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /** Does not say it: it must not reach a log. */
    @Override
    public String toString() {
        return "TokenSecret";
    }
}
