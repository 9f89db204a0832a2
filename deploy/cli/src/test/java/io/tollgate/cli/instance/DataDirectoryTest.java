package io.tollgate.cli.instance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tollgate.emitter.SaltedTenants;
import io.tollgate.ingest.policy.EventPolicy;
import io.tollgate.service.Tokens;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DataDirectoryTest {

    @TempDir
    private Path directory;

    @Test
    void anInstanceHasTheSameNameAfterARestartAndAnotherThanOthers() throws IOException {
        String first = instanceId("a");
        assertThat(first).isNotEmpty();
        assertThat(instanceId("a")).isEqualTo(first);
        assertThat(instanceId("b")).isNotEqualTo(first);
    }

    private String instanceId(String name) throws IOException {
        try (DataDirectory data = DataDirectory.open(directory.resolve(name))) {
            return data.instanceId();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{}",
                "[]",
                "no json",
                "{\"ingest\":\"a\",\"api\":\"a\",\"kafka\":\"a\",\"clickhouse\":\"a\",\"postgres\":\"a\","
                        + "\"tokens\":{\"admin\":\"a\",\"platform\":\"b\",\"finance\":\"c\"},\"admin\":{}}",
                "{\"ingest\":\"a\",\"api\":\"a\",\"kafka\":\"a\",\"clickhouse\":\"a\",\"postgres\":\"a\","
                        + "\"tokens\":{},\"admin\":{},\"pid\":1}"
            })
    void whatIsNoReadyFileIsToldSo(String text) throws IOException {
        Path file = Files.writeString(directory.resolve("ready.json"), text);
        assertThatThrownBy(() -> ReadyFile.read(file))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("is not a ready file")
                .hasMessageNotContaining("io.tollgate");
    }

    @Test
    void howTheEdgeWasStartedIsReadAsItWasWritten() throws IOException {
        Path file = directory.resolve("ready.json");
        ReadyFile.Edge edge = new ReadyFile.Edge(
                new SaltedTenants(Set.of("hot"), 32),
                EventPolicy.DEFAULT.withKnown(Optional.empty(), Optional.of(Set.of("gold"))));
        ReadyFile written = new ReadyFile(
                "a",
                "b",
                "127.0.0.1:9092",
                "d",
                "e",
                Tokens.draw(new SecureRandom()),
                new ReadyFile.AdminEndpoints("f", "g", "h"),
                edge,
                1);
        written.write(file);

        assertThat(ReadyFile.read(file)).isEqualTo(written);
        assertThat(written.emitter().saltedTenants()).isEqualTo(edge.saltedTenants());

        ObjectNode older = (ObjectNode) new ObjectMapper().readTree(file.toFile());
        older.remove("edge");
        Files.writeString(file, older.toString());
        assertThat(ReadyFile.read(file).edge()).isEqualTo(ReadyFile.Edge.USUAL);
    }
}
