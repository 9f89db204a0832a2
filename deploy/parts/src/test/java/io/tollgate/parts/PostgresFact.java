package io.tollgate.parts;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Set;

/** Facts are rows, each committed by its own transaction. */
final class PostgresFact implements Fact {

    @Override
    public Part start(Path directory, int wantedPort, Path log) {
        return EmbeddedPostgres.start(directory, wantedPort, log);
    }

    @Override
    public void write(String endpoint, String fact) throws SQLException {
        try (Connection connection = TestParts.connect(endpoint)) {
            Sql.run(connection, "CREATE TABLE IF NOT EXISTS facts (fact text)");
            Sql.run(connection, "INSERT INTO facts VALUES ('" + fact + "')");
        }
    }

    @Override
    public Set<String> read(String endpoint) throws SQLException {
        try (Connection connection = TestParts.connect(endpoint)) {
            String facts = Sql.value(connection, "SELECT string_agg(fact, ',') FROM facts")
                    .orElse("");
            return Set.of(facts.split(","));
        }
    }

    @Override
    public void spoil(Path directory) throws IOException {
        Files.writeString(Files.createDirectories(directory.resolve("data")).resolve("PG_VERSION"), "9.1\n");
    }
}
