package io.tollgate.invoicing.webhook;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * What an endpoint's messages are signed with, as of Standard Webhooks 1.0.0 (standardwebhooks.com, "Signature scheme",
 * symmetric).
 *
 * @param text {@code whsec_} and the key in Base64, 24 to 64 bytes
 */
public record Secret(String text) {

    private static final String PREFIX = "whsec_";
    private static final String ALGORITHM = "HmacSHA256";
    private static final int DRAWN_BYTES = 32;
    private static final int BYTES_MIN = 24;
    private static final int BYTES_MAX = 64;

    public Secret {
        if (!text.startsWith(PREFIX)) {
            throw new IllegalArgumentException("a secret starts with " + PREFIX);
        }
        int bytes = key(text).length;
        if (bytes < BYTES_MIN || bytes > BYTES_MAX) {
            throw new IllegalArgumentException("a secret has 24 to 64 bytes, not " + bytes);
        }
    }

    /** A fresh one of 256 bits. */
    public static Secret draw(RandomGenerator random) {
        byte[] key = new byte[DRAWN_BYTES];
        random.nextBytes(key);
        return new Secret(PREFIX + Base64.getEncoder().encodeToString(key));
    }

    /**
     * The header {@code webhook-signature}: one signature for each secret, so that a receiver may know either.
     *
     * @param id the header {@code webhook-id}, without a full stop
     * @param time of this attempt; its second is the header {@code webhook-timestamp}
     * @param body as it is sent, in UTF-8
     */
    public static String signatures(List<Secret> secrets, String id, Instant time, String body) {
        String signed = id + '.' + time.getEpochSecond() + '.' + body;
        return secrets.stream().map(secret -> "v1," + secret.hmac(signed)).collect(Collectors.joining(" "));
    }

    /** Does not say it: it must not reach a log. */
    @Override
    public String toString() {
        return "Secret";
    }

    private String hmac(String signed) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(new SecretKeySpec(key(text), ALGORITHM));
            return Base64.getEncoder().encodeToString(mac.doFinal(signed.getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has " + ALGORITHM, e);
        }
    }

    private static byte[] key(String text) {
        return Base64.getDecoder().decode(text.substring(PREFIX.length()));
    }
}
