package io.tollgate.ingest.otlp;

import io.opentelemetry.proto.common.v1.KeyValue;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;

/**
 * What tells a data point from all others, and is the same when it is sent again: by OpenTelemetry's data model resource,
 * scope, attributes and the span of time name exactly one point of a stream. Neither the order of attributes nor the
 * encoding changes it.
 */
final class PointId {

    private final MessageDigest digest;

    private PointId(MessageDigest digest) {
        this.digest = digest;
    }

    /** 64 hexadecimal digits. */
    static String of(
            List<KeyValue> resource,
            String scopeName,
            String scopeVersion,
            List<KeyValue> attributes,
            long startUnixNano,
            long endUnixNano) {
        try {
            PointId id = new PointId(MessageDigest.getInstance("SHA-256"));
            id.add(resource);
            id.add(scopeName.getBytes(StandardCharsets.UTF_8));
            id.add(scopeVersion.getBytes(StandardCharsets.UTF_8));
            id.add(attributes);
            id.add(startUnixNano);
            id.add(endUnixNano);
            return HexFormat.of().formatHex(id.digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    private void add(List<KeyValue> attributes) {
        add(attributes.size());
        attributes.stream().sorted(Comparator.comparing(KeyValue::getKey)).forEach(attribute -> {
            add(attribute.getKey().getBytes(StandardCharsets.UTF_8));
            add(attribute.getValue().toByteArray());
        });
    }

    private void add(byte[] bytes) {
        add(bytes.length);
        digest.update(bytes);
    }

    private void add(long number) {
        digest.update(ByteBuffer.allocate(Long.BYTES).putLong(number).array());
    }
}
