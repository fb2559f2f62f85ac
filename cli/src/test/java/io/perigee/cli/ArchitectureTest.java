package io.perigee.cli;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

class ArchitectureTest {
    private static final JavaClasses CLI = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("io.perigee.cli");

    @Test
    void shouldKeepTheChainBehindItsPackage() {
        noClasses()
                .that()
                .resideOutsideOfPackage("..ethereum..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.web3j..", "okhttp3..", "io.perigee.contracts..")
                .check(CLI);
    }

    @Test
    void shouldDrawWithoutAskingAnybody() {
        noClasses()
                .that()
                .resideInAPackage("..view..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.perigee.client..", "picocli..", "io.perigee.cli", "io.perigee.cli.ethereum..")
                .check(CLI);
    }
}
