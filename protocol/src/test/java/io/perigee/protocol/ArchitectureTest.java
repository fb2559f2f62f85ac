package io.perigee.protocol;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.time.Clock;
import java.time.Instant;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class ArchitectureTest {
    private static final JavaClasses PROTOCOL = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("io.perigee.protocol");

    @Test
    void shouldUseTheJdkOneJsonParserAndOneCryptoLibrary() {
        classes()
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(
                        "io.perigee.protocol..",
                        "java..",
                        "javax.crypto..",
                        "com.fasterxml.jackson..",
                        "org.bouncycastle..",
                        "org.jspecify..")
                .check(PROTOCOL);
    }

    @Test
    void shouldKeepCryptographyBehindItsPackage() {
        noClasses()
                .that()
                .resideOutsideOfPackage("..crypto..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.bouncycastle..")
                .check(PROTOCOL);
    }

    @Test
    void shouldReadNoClockAndDrawNoRandomNumbers() {
        noClasses()
                .should()
                .callMethod(Instant.class, "now")
                .orShould()
                .callMethod(System.class, "currentTimeMillis")
                .orShould()
                .callMethod(System.class, "nanoTime")
                .orShould()
                .callMethod(UUID.class, "randomUUID")
                .orShould()
                .callMethod(Math.class, "random")
                .orShould()
                .dependOnClassesThat()
                .belongToAnyOf(Clock.class, java.util.concurrent.ThreadLocalRandom.class)
                .check(PROTOCOL);
    }

    @Test
    void shouldOpenNoConnectionsAndStartNoThreads() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("java.net..", "java.util.concurrent..")
                .check(PROTOCOL);
    }
}
