package io.tollgate.cli.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import io.tollgate.cli.doctor.Finding.Status;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ChecksTest {

    private static final Path HERE = Path.of("here");
    private static final OptionalLong PLENTY = OptionalLong.of(100L << 30);

    @Test
    void aHealthyMachineHasNothingToDo() {
        List<Finding> findings = Checks.all(HERE, HERE, Optional::empty).stream()
                .map(check -> check.on(Patient.healthy()))
                .toList();
        assertThat(findings).hasSize(6 + Checks.PORTS.size() + 3).allSatisfy(finding -> {
            assertThat(finding.status()).as("%s", finding).isEqualTo(Status.OK);
            assertThat(finding.advice()).isEmpty();
            assertThat(finding.seen()).isNotBlank();
        });
    }

    @Test
    void everyFindingThatIsNotWellSaysWhatToDo() {
        Patient ill = Patient.healthy()
                .withJava(11)
                .withSystem("Windows 11", "amd64", true)
                .withOutputs(Map.of())
                .withTaken(Checks.PORTS.values().toArray(Integer[]::new))
                .withRoom(OptionalLong.of(0), false, OptionalLong.of(1L << 30));
        assertThat(Checks.all(HERE, HERE, Optional::empty)).allSatisfy(check -> {
            Finding finding = check.on(ill);
            assertThat(finding.status()).as("%s", finding).isNotEqualTo(Status.OK);
            assertThat(finding.advice()).isNotBlank();
        });
    }

    @ParameterizedTest
    @CsvSource({"11, FAILED", "16, FAILED", "17, OK", "25, OK"})
    void javaIsSeventeenOrLater(int feature, Status status) {
        assertThat(Checks.java(Patient.healthy().withJava(feature)).status()).isEqualTo(status);
    }

    @ParameterizedTest
    @CsvSource({
        "Apache Maven 3.8.7, OK",
        "Apache Maven 3.10.0, OK",
        "Apache Maven 4.0.0-rc-4, OK",
        "'\u001B[1mApache Maven 3.9.9\u001B[m', OK",
        "Apache Maven 3.6.3, FAILED",
        "Apache Maven 2.2.1, FAILED",
        "hello, WARNING"
    })
    void mavenIsThreeEightOrLater(String output, Status status) {
        assertThat(Checks.maven(Patient.healthy().withOutputs(Map.of("mvn", output)))
                        .status())
                .isEqualTo(status);
    }

    @ParameterizedTest
    @CsvSource({
        "Linux, amd64, true, OK",
        "Linux, x86_64, true, OK",
        "Linux, amd64, false, FAILED",
        "Linux, aarch64, true, WARNING",
        "Mac OS X, aarch64, true, WARNING",
        "Linux, s390x, true, FAILED",
        "Windows 11, amd64, true, FAILED"
    })
    void clickHouseRunsOnLinuxWithGlibc(String system, String architecture, boolean glibc, Status status) {
        assertThat(Checks.platform(Patient.healthy().withSystem(system, architecture, glibc))
                        .status())
                .isEqualTo(status);
    }

    @Test
    void aCachedLibraryNeedsNoNpm() {
        Patient withoutNpm = Patient.healthy().withOutputs(Map.of());
        assertThat(Checks.npm(withoutNpm, () -> Optional.of(Path.of("cache", "libchdb.so")))
                        .status())
                .isEqualTo(Status.WARNING);
        assertThat(Checks.npm(withoutNpm, Optional::empty).status()).isEqualTo(Status.FAILED);
        assertThat(Checks.npm(Patient.healthy(), Optional::empty).seen()).contains("10.8.2");
        assertThat(Checks.library(Patient.healthy(), Optional::empty).seen()).contains("not cached");
    }

    @Test
    void aTakenPortIsAWarningBecauseAnotherIsChosen() {
        assertThat(Checks.port(Patient.healthy().withTaken(8080), "api", 8080).status())
                .isEqualTo(Status.WARNING);
    }

    @Test
    void twoGibibytesOfDiskAreEnough() {
        Patient exactly = Patient.healthy().withRoom(OptionalLong.of(2L << 30), true, PLENTY);
        Patient less = Patient.healthy().withRoom(OptionalLong.of((2L << 30) - 1), true, PLENTY);
        Patient unknown = Patient.healthy().withRoom(OptionalLong.empty(), true, PLENTY);
        Patient readOnly = Patient.healthy().withRoom(PLENTY, false, PLENTY);
        assertThat(Checks.disk(exactly, "disk", HERE)).isEqualTo(Finding.ok("disk", "2.0 GiB free at here"));
        assertThat(Checks.disk(less, "disk", HERE).status()).isEqualTo(Status.FAILED);
        assertThat(Checks.disk(unknown, "disk", HERE).status()).isEqualTo(Status.WARNING);
        assertThat(Checks.disk(readOnly, "disk", HERE).status()).isEqualTo(Status.FAILED);
    }

    @ParameterizedTest
    @CsvSource({"1, FAILED", "2, WARNING", "3, WARNING", "4, OK"})
    void fourGibibytesOfMemoryAreComfortable(long gibibytes, Status status) {
        Patient patient = Patient.healthy().withRoom(PLENTY, true, OptionalLong.of(gibibytes << 30));
        assertThat(Checks.memory(patient).status()).isEqualTo(status);
    }
}
