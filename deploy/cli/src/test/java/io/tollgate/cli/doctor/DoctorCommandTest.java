package io.tollgate.cli.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class DoctorCommandTest {

    private record Said(int exitCode, String text) {}

    private static Said run(Machine machine, String... arguments) {
        StringWriter out = new StringWriter();
        int exitCode = new CommandLine(new DoctorCommand(machine, Optional::empty, Path.of("data"), Path.of("cache")))
                .setOut(new PrintWriter(out))
                .execute(arguments);
        return new Said(exitCode, out.toString());
    }

    @Test
    void aHealthyMachineExitsWithZero() {
        Said said = run(Patient.healthy());
        assertThat(said.exitCode()).isZero();
        assertThat(said.text())
                .contains(" Check              | Status | Seen")
                .contains(" port 8080          | ok     | free, for ingest");
    }

    @Test
    void warningsExitWithZero() {
        Said said = run(Patient.healthy().withTaken(9092));
        assertThat(said.exitCode()).isZero();
        assertThat(said.text()).contains("kafka takes a free one");
    }

    @Test
    void aFailureExitsWithOne() {
        Said said = run(Patient.healthy().withJava(11));
        assertThat(said.exitCode()).isEqualTo(1);
        assertThat(said.text()).contains("failed").contains("JAVA_HOME");
    }

    @Test
    void directoriesCanBeGiven() {
        String text = run(Patient.healthy(), "--data", "elsewhere").text();
        assertThat(text).contains("free at elsewhere").contains("free at cache");
    }

    @Test
    void jsonHoldsTheSame() throws IOException {
        Said said = run(Patient.healthy().withJava(11), "--json");
        JsonNode report = new ObjectMapper().readTree(said.text());
        assertThat(said.exitCode()).isEqualTo(1);
        assertThat(report.get("status").asText()).isEqualTo("failed");
        JsonNode java = report.get("checks").get(0);
        assertThat(java.get("name").asText()).isEqualTo("java");
        assertThat(java.get("status").asText()).isEqualTo("failed");
        assertThat(java.get("advice").asText()).contains("17");
    }
}
