package io.tollgate.service;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The bearer token of each of the service's own roles. A token has the syntax of RFC 6750, section 2.1 ({@code b64token}), and no two are
 * equal, because a token tells the role.
 */
public record Tokens(String admin, String platform, String finance) {

    private static final Pattern SYNTAX = Pattern.compile("[A-Za-z0-9._~+/-]+=*");
    private static final int DRAWN_BYTES = 24;

    public Tokens {
        check("admin", admin);
        check("platform", platform);
        check("finance", finance);
        if (admin.equals(platform) || admin.equals(finance) || platform.equals(finance)) {
            throw new IllegalArgumentException("two roles have the same token; give each its own");
        }
    }

    /** Three fresh tokens of 192 random bits each. */
    public static Tokens draw(SecureRandom random) {
        return new Tokens(drawOne(random), drawOne(random), drawOne(random));
    }

    /** The role that the token belongs to. Takes the same time for every token of a length, whether it fits or not. */
    public Optional<Role> roleOf(String token) {
        boolean isAdmin = same(admin, token);
        boolean isPlatform = same(platform, token);
        boolean isFinance = same(finance, token);
        if (isAdmin) {
            return Optional.of(Role.ADMIN);
        }
        if (isPlatform) {
            return Optional.of(Role.PLATFORM);
        }
        return isFinance ? Optional.of(Role.FINANCE) : Optional.empty();
    }

    /** Names the roles only: tokens must not reach a log. */
    @Override
    public String toString() {
        return "Tokens" + List.of(Role.ADMIN, Role.PLATFORM, Role.FINANCE);
    }

    private static void check(String role, String token) {
        if (!SYNTAX.matcher(token).matches()) {
            throw new IllegalArgumentException(
                    "the " + role + " token must be one or more of A-Z a-z 0-9 - . _ ~ + / with = at the end only");
        }
    }

    private static String drawOne(SecureRandom random) {
        byte[] bytes = new byte[DRAWN_BYTES];
        random.nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }

    /** Hashes first, so that not even the length of the right token can be learnt from the time it takes. */
    private static boolean same(String right, String given) {
        return MessageDigest.isEqual(sha256(right), sha256(given));
    }

    private static byte[] sha256(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
