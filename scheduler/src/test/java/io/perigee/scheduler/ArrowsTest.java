package io.perigee.scheduler;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.time.Clock;
import java.time.Instant;

/** Tables stay in their adapter, the log in the wiring, the clock is passed in. */
@AnalyzeClasses(packages = "io.perigee.scheduler", importOptions = ImportOption.DoNotIncludeTests.class)
class ArrowsTest {
    @ArchTest
    static final ArchRule tablesStayInTheirAdapter = noClasses()
            .that()
            .resideOutsideOfPackages("..postgres..", "..app..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("io.perigee.scheduler.postgres..");

    @ArchTest
    static final ArchRule theLogIsWiredInOnePlace = noClasses()
            .that()
            .resideOutsideOfPackage("..app..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.apache.kafka..", "io.perigee.eventlog.kafka..", "io.smallrye..");

    @ArchTest
    static final ArchRule nobodyKnowsTheChain =
            noClasses().should().dependOnClassesThat().resideInAnyPackage("org.web3j..", "io.perigee.contracts..");

    @ArchTest
    static final ArchRule theClockIsPassedIn = noClasses()
            .that()
            .doNotHaveSimpleName("SchedulerMain")
            .should()
            .callMethod(Instant.class, "now")
            .orShould()
            .callMethod(Clock.class, "systemUTC")
            .orShould()
            .callMethod(System.class, "currentTimeMillis");
}
