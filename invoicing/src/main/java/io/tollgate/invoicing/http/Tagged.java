package io.tollgate.invoicing.http;

import jakarta.ws.rs.core.EntityTag;
import jakarta.ws.rs.core.Request;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.Response.ResponseBuilder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Answers with an entity tag (RFC 9110, section 8.8.3): who has the same already is told so, and sent nothing. */
final class Tagged {

    private Tagged() {}

    static Response json(Request request, String json, String type) {
        return bytes(request, json.getBytes(StandardCharsets.UTF_8), type);
    }

    static Response bytes(Request request, byte[] body, String type) {
        EntityTag tag = new EntityTag(HexFormat.of().formatHex(sha256(body)));
        ResponseBuilder same = request.evaluatePreconditions(tag);
        return (same == null ? Response.ok(body, type) : same)
                .tag(tag)
                // Of one caller alone, and to be asked for again each time.
                .header("Cache-Control", "private, no-cache")
                .header("Vary", "Accept, Authorization")
                .build();
    }

    private static byte[] sha256(byte[] body) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(body);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
