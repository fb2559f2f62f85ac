package io.perigee.settlement.app;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

class ArchitectureTest {
    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("io.perigee.settlement");

    @Test
    void shouldKeepEthereumLibrariesInTheirAdapter() {
        noClasses()
                .that()
                .resideOutsideOfPackage("..ethereum..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.web3j..", "okhttp3..", "okio..", "io.perigee.contracts..")
                .check(CLASSES);
    }

    @Test
    void shouldLeaveDatabaseAndBrokerLibrariesToTheEventlog() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.vertx..", "org.apache.kafka..", "java.sql..", "org.flywaydb..")
                .check(CLASSES);
    }

    @Test
    void shouldTakeTheTimeFromOutside() {
        noClasses()
                .that()
                .doNotHaveSimpleName("SettlementMain")
                .should()
                .callMethod(java.time.Instant.class, "now")
                .orShould()
                .callMethod(System.class, "currentTimeMillis")
                .check(CLASSES);
    }

    @Test
    void shouldKeepTheRulesOfFeesAndOrdersFreeOfTheService() {
        noClasses()
                .that()
                .haveSimpleName("FeePolicy")
                .or()
                .haveSimpleName("OrderTerms")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.perigee.eventlog..", "..ethereum..", "..app..")
                .check(CLASSES);
    }
}
