package io.tollgate.cli.instance;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
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
        long pid) {

    /** Base URLs of the admin ports: {@code /health} and {@code /metrics} below each. */
    public record AdminEndpoints(String ingest, String api, String aggregator) {}

    private static final List<String> REQUIRED =
            List.of("ingest", "api", "kafka", "clickhouse", "postgres", "tokens", "admin", "pid");

    private static final JsonMapper JSON =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

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
