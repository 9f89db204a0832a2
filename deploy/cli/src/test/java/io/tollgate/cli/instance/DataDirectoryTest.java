package io.tollgate.cli.instance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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
}
