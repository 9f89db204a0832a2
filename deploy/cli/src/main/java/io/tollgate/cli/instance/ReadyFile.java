package io.tollgate.cli.instance;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tollgate.emitter.EmitterConfig;
import io.tollgate.emitter.SaltedTenants;
import io.tollgate.ingest.policy.EventPolicy;
import io.tollgate.service.ServiceJson;
import io.tollgate.service.Tokens;
import java.io.IOException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;

/**
 * What a running instance tells those who want to talk to it. The file is there while the instance is healthy; only its
 * owner can read it, as it holds the tokens.
 *
 * @param ingest base URL of the API that takes events
 * @param api base URL of the API that serves invoices and spend
 * @param kafka host:port
 * @param clickhouse base URL of ClickHouse's HTTP interface; the database is {@code tollgate}
 * @param postgres connection URI as psql takes it
 * @param tokens the bearer token of each role
 * @param admin health and metrics of each service
 * @param edge what the edge does with events; whoever sends past it has to do the same
 * @param pid the process to stop
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record ReadyFile(
        String ingest,
        String api,
        String kafka,
        String clickhouse,
        String postgres,
        Tokens tokens,
        AdminEndpoints admin,
        Edge edge,
        long pid) {

    /** Base URLs of the admin ports: {@code /health} and {@code /metrics} below each. */
    public record AdminEndpoints(String ingest, String api, String aggregator) {}

    /**
     * How the edge was started.
     *
     * @param saltedTenants whose events are spread over partitions: copies that are keyed otherwise count again
     * @param policy which events are let in
     */
    @JsonIgnoreProperties(ignoreUnknown = true)
    public record Edge(SaltedTenants saltedTenants, EventPolicy policy) {

        /** As edges are that were told nothing. */
        public static final Edge USUAL = new Edge(SaltedTenants.NONE, EventPolicy.DEFAULT);
    }

    private static final String EDGE = "edge";
    private static final List<String> REQUIRED =
            List.of("ingest", "api", "kafka", "clickhouse", "postgres", "tokens", "admin", "pid");

    private static final JsonMapper JSON = ServiceJson.lenient()
            .rebuild()
            .enable(SerializationFeature.INDENT_OUTPUT)
            .build();

    /** How to send events past the edge: to its Kafka, by its keys. */
    public EmitterConfig emitter() {
        SaltedTenants salted = edge.saltedTenants();
        return EmitterConfig.to(kafka).withSaltedTenants(salted.tenants(), salted.keys());
    }

    /** Writes the file whole or not at all. */
    public void write(Path file) throws IOException {
        Path directory = file.toAbsolutePath().getParent();
        Files.createDirectories(directory);
        Path draft = Files.createTempFile(
                directory,
                ".ready",
                ".json",
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(draft, JSON.writeValueAsString(this) + "\n");
        try {
            Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (AtomicMoveNotSupportedException e) {
            Files.move(draft, file, StandardCopyOption.REPLACE_EXISTING);
        }
    }

    /** @throws IOException when the file cannot be read or is not of an instance */
    static ReadyFile read(Path file) throws IOException {
        try {
            JsonNode tree = JSON.readTree(Files.readString(file));
            for (String field : REQUIRED) {
                if (!tree.hasNonNull(field)) {
                    throw new IOException("%s is not a ready file: it has no %s".formatted(file, field));
                }
            }
            // Written by a release before there was this member, which knew of no such settings here.
            if (!tree.hasNonNull(EDGE)) {
                ((ObjectNode) tree).set(EDGE, JSON.valueToTree(Edge.USUAL));
            }
            ReadyFile ready = JSON.treeToValue(tree, ReadyFile.class);
            if (ready.pid() < 1) {
                throw new IOException("%s is not a ready file: its pid is no process".formatted(file));
            }
            return ready;
        } catch (JsonProcessingException e) {
            throw new IOException(file + " is not a ready file", e);
        }
    }
}
