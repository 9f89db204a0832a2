package io.tollgate.ingest;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(packages = "io.tollgate.ingest", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

    @ArchTest
    static final ArchRule PARSERS_ARE_PURE = noClasses()
            .that()
            .resideInAnyPackage(
                    "io.tollgate.ingest.cloudevents..",
                    "io.tollgate.ingest.otlp..",
                    "io.tollgate.ingest.policy..",
                    "io.tollgate.ingest.usage..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "org.apache.kafka..",
                    "io.dropwizard..",
                    "com.codahale..",
                    "jakarta..",
                    "org.slf4j..",
                    "io.tollgate.service..",
                    "io.tollgate.ingest.edge..");

    @ArchTest
    static final ArchRule PARSERS_HAVE_NO_CLOCK = noClasses()
            .that()
            .resideInAnyPackage(
                    "io.tollgate.ingest.cloudevents..",
                    "io.tollgate.ingest.otlp..",
                    "io.tollgate.ingest.policy..",
                    "io.tollgate.ingest.usage..")
            .should()
            .callMethod("java.time.Instant", "now")
            .orShould()
            .dependOnClassesThat()
            .haveFullyQualifiedName("java.time.Clock");

    @ArchTest
    static final ArchRule NO_AMOUNT_IS_EVER_BINARY_FLOATING_POINT =
            classes().that().resideInAPackage("io.tollgate.ingest..").should(new NoFloatingPoint());
}
