package io.perigee.api;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.library.dependencies.SlicesRuleDefinition;
import org.junit.jupiter.api.Test;

/** Each library stays in its adapter packages. */
final class ArchitectureTest {
    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("io.perigee.api");

    @Test
    void shouldReachTheDatabaseFromPostgresPackagesOnly() {
        noClasses()
                .that()
                .resideOutsideOfPackages("..postgres..", "io.perigee.api.process..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "org.hibernate..",
                        "jakarta.persistence..",
                        "io.perigee.eventlog.postgres..",
                        "io.vertx.sqlclient..")
                .check(CLASSES);
    }

    @Test
    void shouldSpeakToTheBrokerThroughTheLogOnly() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.apache.kafka..")
                .check(CLASSES);
    }

    @Test
    void shouldSpeakToTheChainFromItsPackageOnly() {
        noClasses()
                .that()
                .resideOutsideOfPackage("..ethereum..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("java.net.http..", "org.web3j..")
                .check(CLASSES);
    }

    @Test
    void shouldKeepThePersistenceOfOneFeatureFromResources() {
        noClasses()
                .that()
                .haveSimpleNameEndingWith("Resource")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("..postgres..")
                .check(CLASSES);
    }

    @Test
    void shouldNotGoInCircles() {
        SlicesRuleDefinition.slices()
                .matching("io.perigee.api.(*).postgres..")
                .should()
                .beFreeOfCycles()
                .check(CLASSES);
    }
}
