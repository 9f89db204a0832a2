package io.tollgate.invoicing;

import static com.tngtech.archunit.lang.conditions.ArchConditions.callMethodWhere;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaMethodCall;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.util.List;

/** The core has no I/O, no clock and no binary floating point. */
@AnalyzeClasses(packages = "io.tollgate.invoicing", importOptions = ImportOption.DoNotIncludeTests.class)
class CorePurityTest {

    private static final String[] CORE = {
        "io.tollgate.invoicing.money",
        "io.tollgate.invoicing.pricing",
        "io.tollgate.invoicing.usage",
        "io.tollgate.invoicing.tax",
        "io.tollgate.invoicing.contract",
        "io.tollgate.invoicing.terms",
        "io.tollgate.invoicing.rating",
        "io.tollgate.invoicing.invoice",
        "io.tollgate.invoicing.cost",
        "io.tollgate.invoicing.budget",
        "io.tollgate.invoicing.alert",
        "io.tollgate.invoicing.spend",
        "io.tollgate.invoicing.focus",
        "io.tollgate.invoicing.forecast",
        "io.tollgate.invoicing.anomaly",
        "io.tollgate.invoicing.coverage",
        "io.tollgate.invoicing.chargeback",
        "io.tollgate.invoicing.billrun",
        "io.tollgate.invoicing.receivable"
    };

    @ArchTest
    static final ArchRule theCoreKnowsNothingButJavaAndTheDigest = classes()
            .that()
            .resideInAnyPackage(CORE)
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage(
                    "java.lang..",
                    "java.math",
                    "java.nio.charset",
                    "java.time..",
                    "java.util..",
                    "org.jspecify..",
                    "io.tollgate.schemas",
                    "io.tollgate.meters",
                    "io.tollgate.invoicing.money",
                    "io.tollgate.invoicing.pricing",
                    "io.tollgate.invoicing.usage",
                    "io.tollgate.invoicing.tax",
                    "io.tollgate.invoicing.contract",
                    "io.tollgate.invoicing.terms",
                    "io.tollgate.invoicing.rating",
                    "io.tollgate.invoicing.invoice",
                    "io.tollgate.invoicing.cost",
                    "io.tollgate.invoicing.budget",
                    "io.tollgate.invoicing.alert",
                    "io.tollgate.invoicing.spend",
                    "io.tollgate.invoicing.focus",
                    "io.tollgate.invoicing.forecast",
                    "io.tollgate.invoicing.anomaly",
                    "io.tollgate.invoicing.coverage",
                    "io.tollgate.invoicing.chargeback",
                    "io.tollgate.invoicing.billrun",
                    "io.tollgate.invoicing.receivable");

    @ArchTest
    static final ArchRule theCoreHasNoBinaryFloatingPoint = noClasses()
            .that()
            .resideInAnyPackage(CORE)
            .should()
            .dependOnClassesThat(DescribedPredicate.describe(
                    "are double or float",
                    type -> type.getName().matches("(double|float|java\\.lang\\.(Double|Float)).*")));

    @ArchTest
    static final ArchRule theCoreHasNoClock = noClasses()
            .that()
            .resideInAnyPackage(CORE)
            .should(callMethodWhere(DescribedPredicate.describe(
                    "reads the clock",
                    (JavaMethodCall call) ->
                            call.getTargetOwner().getPackageName().startsWith("java.")
                                    && List.of("now", "currentTimeMillis", "nanoTime")
                                            .contains(call.getName()))))
            .orShould()
            .dependOnClassesThat()
            .haveFullyQualifiedName("java.time.Clock");

    @ArchTest
    static final ArchRule webhooksImportsAndTokensAreDecidedOnWithoutInputOutputOrAClock = noClasses()
            .that()
            .resideInAnyPackage(
                    "io.tollgate.invoicing.webhook", "io.tollgate.invoicing.litellm", "io.tollgate.invoicing.access")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("java.io..", "java.sql..", "java.net.http..", "org.apache..", "org.jdbi..", "jakarta..")
            .orShould()
            .dependOnClassesThat()
            .haveFullyQualifiedName("java.time.Clock");

    @ArchTest
    static final ArchRule documentsOfAnInvoiceAreMadeWithoutAClock = noClasses()
            .that()
            .resideInAPackage("io.tollgate.invoicing.rendering")
            .should(callMethodWhere(DescribedPredicate.describe("reads the clock", CorePurityTest::isNow)))
            .orShould()
            .dependOnClassesThat()
            .haveFullyQualifiedName("java.time.Clock");

    @ArchTest
    static final ArchRule packagesHaveNoCycles =
            slices().matching("io.tollgate.invoicing.(*)..").should().beFreeOfCycles();

    /** Of java.time; what there is now, as something else than before, is no clock. */
    private static boolean isNow(JavaMethodCall call) {
        return call.getName().equals("now")
                && call.getTargetOwner().getPackageName().startsWith("java.time");
    }
}
