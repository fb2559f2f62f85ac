package io.perigee.eventlog;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** Each library stays in its adapter package. */
@AnalyzeClasses(packages = "io.perigee.eventlog", importOptions = ImportOption.DoNotIncludeTests.class)
class ArrowsTest {
    @ArchTest
    static final ArchRule shouldKeepPostgresInItsAdapter = noClasses()
            .that()
            .resideOutsideOfPackage("..postgres..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.vertx..", "org.flywaydb..", "org.postgresql..");

    @ArchTest
    static final ArchRule shouldKeepKafkaInItsAdapter = noClasses()
            .that()
            .resideOutsideOfPackage("..kafka..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("org.apache.kafka..");

    @ArchTest
    static final ArchRule shouldNotKnowOtherRooms = noClasses()
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.perigee.market..", "io.perigee.api..", "io.perigee.contracts..");
}
