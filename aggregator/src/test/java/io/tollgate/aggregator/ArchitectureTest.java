package io.tollgate.aggregator;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.time.Clock;
import java.time.Instant;

@AnalyzeClasses(packages = "io.tollgate.aggregator", importOptions = DoNotIncludeTests.class)
class ArchitectureTest {

    @ArchTest
    static final ArchRule THE_CORE_KNOWS_NO_ENGINE = noClasses()
            .that()
            .resideInAPackage("..rollup..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.apache.kafka..", "com.clickhouse..", "java.sql..");

    @ArchTest
    static final ArchRule THE_TOPOLOGY_KNOWS_NO_CLICKHOUSE = noClasses()
            .that()
            .resideInAPackage("..topology..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("com.clickhouse..", "..aggregator.clickhouse..");

    @ArchTest
    static final ArchRule TIME_COMES_IN = noClasses()
            .that()
            .resideInAnyPackage("..rollup..", "..topology..")
            .should()
            .callMethod(Instant.class, "now")
            .orShould()
            .callMethod(System.class, "currentTimeMillis")
            .orShould()
            .dependOnClassesThat()
            .areAssignableTo(Clock.class);
}
