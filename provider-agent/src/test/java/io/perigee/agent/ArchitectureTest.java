package io.perigee.agent;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(packages = "io.perigee.agent", importOptions = ImportOption.DoNotIncludeTests.class)
final class ArchitectureTest {

    @ArchTest
    static final ArchRule DOCKER_STAYS_IN_ITS_ADAPTER = noClasses()
            .that()
            .resideOutsideOfPackage("..docker..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("com.github.dockerjava..");

    @ArchTest
    static final ArchRule HARDWARE_LIBRARY_STAYS_IN_CAPABILITY = noClasses()
            .that()
            .resideOutsideOfPackage("..capability..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("oshi..");

    @ArchTest
    static final ArchRule THE_SANDBOX_PLAN_IS_PURE = noClasses()
            .that()
            .haveSimpleNameStartingWith("Sandbox")
            .or()
            .haveSimpleNameStartingWith("ContainerSpec")
            .should()
            .dependOnClassesThat()
            .haveFullyQualifiedName("java.time.Clock")
            .orShould()
            .dependOnClassesThat()
            .haveFullyQualifiedName("java.nio.file.Files")
            .orShould()
            .dependOnClassesThat()
            .resideInAnyPackage("java.net..", "java.util.random..");

    @ArchTest
    static final ArchRule ONLY_THE_PROGRAM_KNOWS_SETTINGS_AND_VERBS = classes()
            .that()
            .resideInAPackage("..app..")
            .should()
            .onlyHaveDependentClassesThat()
            .resideInAPackage("..app..");

    @ArchTest
    static final ArchRule NO_OTHER_ROOM_BUT_THE_PROTOCOL = noClasses()
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "io.perigee.market..",
                    "io.perigee.eventlog..",
                    "io.perigee.api..",
                    "io.perigee.scheduler..",
                    "io.perigee.settlement..",
                    "io.perigee.contracts..",
                    "io.perigee.client..",
                    "io.perigee.cli..");
}
