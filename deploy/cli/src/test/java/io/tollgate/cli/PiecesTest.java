package io.tollgate.cli;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.time.Clock;
import java.time.Instant;
import java.util.UUID;

/** What the self-standing pieces of the command may know of. */
@AnalyzeClasses(packages = "io.tollgate.cli", importOptions = DoNotIncludeTests.class)
class PiecesTest {

    private static final String TRACE = "io.tollgate.cli.trace..";
    private static final String TRAFFIC = "io.tollgate.cli.traffic..";
    private static final String DOCTOR = "io.tollgate.cli.doctor..";
    private static final String TERMINAL = "io.tollgate.cli.terminal..";

    @ArchTest
    static final ArchRule piecesKnowNoBroker = noClasses()
            .that()
            .resideInAnyPackage(TRACE, TRAFFIC, DOCTOR, TERMINAL)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.apache.kafka..", "java.sql..", "com.clickhouse..", "io.tollgate.parts..");

    @ArchTest
    static final ArchRule eventsAreMadeWithoutAClock = noClasses()
            .that()
            .resideInAnyPackage(TRACE, TRAFFIC)
            .should()
            .callMethod(Instant.class, "now")
            .orShould()
            .dependOnClassesThat()
            .belongToAnyOf(Clock.class, UUID.class)
            .orShould()
            .callMethod(System.class, "currentTimeMillis")
            .orShould()
            .callMethod(System.class, "nanoTime");

    @ArchTest
    static final ArchRule tracesAreNotCountedInFloatingPoint = noClasses()
            .that()
            .resideInAPackage(TRACE)
            .should()
            .dependOnClassesThat()
            .belongToAnyOf(Double.class, Float.class);

    @ArchTest
    static final ArchRule piecesStandAlone = classes()
            .that()
            .resideInAnyPackage(TRACE, TRAFFIC, TERMINAL)
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage(
                    "java..",
                    "org.jspecify..",
                    "com.fasterxml.jackson..",
                    "de.siegmar.fastcsv..",
                    "org.apache.parquet..",
                    "com.github.luben.zstd..",
                    "org.xerial.snappy..",
                    "com.github.freva..",
                    "me.tongfei..",
                    "picocli..",
                    "io.tollgate.events..",
                    "io.tollgate.schemas..",
                    TRACE,
                    TRAFFIC,
                    TERMINAL);
}
