package io.tollgate.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import io.tollgate.emitter.rules.RejectionReason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is written down about reasons is what the code says. */
class ReasonsDocumentTest {

    @Test
    void everyReasonStandsInTheTableWithItsAdvice() throws IOException {
        List<String> lines = Files.readAllLines(Path.of("..", "REASONS.md"));
        List<String> table = lines.subList(lines.indexOf("| code | what to do |") + 2, lines.size()).stream()
                .takeWhile(line -> line.startsWith("|"))
                .toList();
        assertThat(table)
                .containsExactlyElementsOf(Arrays.stream(RejectionReason.values())
                        .map(reason -> "| `" + reason.code() + "` | " + reason.advice() + " |")
                        .toList());
    }
}
