package io.tollgate.cli.meters;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.tollgate.cli.ExitCode;
import io.tollgate.cli.UserException;
import io.tollgate.meters.Aggregation;
import io.tollgate.meters.MeterCatalogue;
import io.tollgate.meters.MeterDefinition;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MeterFileTest {

    @TempDir
    private Path directory;

    @Test
    void aFileAddsToTheUsualMeters() throws IOException {
        MeterCatalogue catalogue = MeterFile.read(file("""
                # More meters.
                meters:
                  - name: seats
                    unit: seat
                    aggregation: latest
                    description: Seats that are taken.
                  - {name: ram_bytes, aggregation: time_weighted, hold: PT90M}
                """));

        assertThat(catalogue.find("seats"))
                .contains(MeterDefinition.of("seats", "seat", Aggregation.LATEST, "Seats that are taken."));
        assertThat(catalogue.hold("ram_bytes")).isEqualTo(Duration.ofMinutes(90));
        assertThat(catalogue.definitions())
                .containsAll(MeterCatalogue.usual().definitions())
                .hasSize(MeterCatalogue.usual().definitions().size() + 2);
    }

    @Test
    void anEmptyListAddsNothing() throws IOException {
        assertThat(MeterFile.read(file("meters: []"))).isEqualTo(MeterCatalogue.usual());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "[{name: a, aggregation: median}] | unknown_aggregation | 3 | sum, count, max, min, latest, time_weighted, unique_count",
                "[{name: a, aggregation: max}, {name: a, aggregation: max}] | duplicate_meter | 3 | a is defined above",
                "[{name: requests, aggregation: count}] | duplicate_meter | 3 | requests is defined by Tollgate",
                "[{name: a, aggregation: time_weighted}] | missing_hold | 3 | such as PT1H",
                "[{name: a, aggregation: max, hold: PT1H}] | unexpected_hold | 3 | a is a max",
                "[{name: a, aggregation: time_weighted, hold: 1h}] | invalid_hold | 3 | PT90M",
                "[{name: a, aggregation: time_weighted, hold: PT25H}] | invalid_hold | 3 | PT24H",
                "[{name: Seats, aggregation: max}] | invalid_name | 3 | Seats",
                "[{aggregation: max}] | missing_field | 3 | needs a name",
                "[{name: a}] | missing_field | 3 | needs a aggregation",
                "[{name: a, aggregation: max, holds: PT1H}] | unknown_field | 3 | no holds",
                "[{name: a, name: b, aggregation: max}] | not_yaml | 3 | Duplicate",
                "[{name: a, aggregation: max | not_yaml | 3 | expected",
                "seats | no_meters | 3 | a list named meters",
                "[seats] | missing_field | 3 | needs a name",
            })
    void whatIsWrongIsToldWithItsPlaceAndCode(String meters, String code, int line, String what) throws IOException {
        Path file = file("# meters\nmeters:\n  " + meters + "\n");

        UserException told = catchThrowableOfType(UserException.class, () -> MeterFile.read(file));

        assertThat(told).isNotNull();
        assertThat(told.getMessage())
                .startsWith(file + ", line " + line + ": ")
                .contains(what)
                .hasLineCount(1);
        assertThat(told.hint()).isEqualTo("code: " + code);
        assertThat(told.exitCode()).isEqualTo(ExitCode.DATA_ERROR);
    }

    @Test
    void aFileThatIsNotThereIsNoInput() {
        UserException told =
                catchThrowableOfType(UserException.class, () -> MeterFile.read(directory.resolve("none.yaml")));

        assertThat(told.exitCode()).isEqualTo(ExitCode.NO_INPUT);
    }

    private Path file(String content) throws IOException {
        return Files.writeString(directory.resolve("meters.yaml"), content);
    }
}
