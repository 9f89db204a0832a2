package io.tollgate.emitter;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(packages = "io.tollgate.emitter", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

    @ArchTest
    static final ArchRule THE_RULES_ARE_PURE = noClasses()
            .that()
            .resideInAPackage("io.tollgate.emitter.rules..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.apache.kafka..", "org.slf4j..", "java.io..", "java.net..", "java.time.Clock");

    @ArchTest
    static final ArchRule SOURCES_GET_FEW_DEPENDENCIES = noClasses()
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.dropwizard..", "com.fasterxml..", "jakarta..", "io.tollgate.service..");

    @ArchTest
    static final ArchRule THE_SPOOL_KNOWS_NOTHING_OF_ITS_RECORDS = noClasses()
            .that()
            .resideInAPackage("io.tollgate.emitter.spool..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.apache.kafka..", "org.apache.avro..", "io.tollgate.events..", "org.slf4j..");
}
