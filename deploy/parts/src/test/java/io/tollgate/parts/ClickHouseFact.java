package io.tollgate.parts;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;

/** Facts are rows of a MergeTree table, written by one insert each. */
final class ClickHouseFact implements Fact {

    @Override
    public Part start(Path directory, int wantedPort, Path log) {
        return EmbeddedClickHouse.start(directory, wantedPort, log, FetchProgress.silent());
    }

    @Override
    public void write(String endpoint, String fact) {
        query(endpoint, "CREATE TABLE IF NOT EXISTS tollgate.facts (fact String) ENGINE = MergeTree ORDER BY fact");
        query(endpoint, "INSERT INTO tollgate.facts SELECT '" + fact + "'");
    }

    @Override
    public Set<String> read(String endpoint) {
        return Set.copyOf(
                query(endpoint, "SELECT fact FROM tollgate.facts").lines().toList());
    }

    private static String query(String endpoint, String sql) {
        return new ClickHouseHttp(endpoint).query(sql).orElseThrow();
    }

    @Override
    public void spoil(Path directory) throws IOException {
        Path metadata = Files.createDirectories(directory.resolve("data").resolve("metadata"));
        Files.writeString(metadata.resolve("tollgate.sql"), "not SQL");
    }
}
