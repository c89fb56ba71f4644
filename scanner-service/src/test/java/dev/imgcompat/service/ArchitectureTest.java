package dev.imgcompat.service;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.core.importer.Location;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** The service uses the core as any other caller would, and its packages have one direction. */
@AnalyzeClasses(packages = "dev.imgcompat", importOptions = ArchitectureTest.WithoutTests.class)
class ArchitectureTest {
  @ArchTest
  static final ArchRule PACKAGES_HAVE_NO_CYCLES =
      slices().matching("dev.imgcompat.service.(**)").should().beFreeOfCycles();

  @ArchTest
  static final ArchRule THE_CORE_KNOWS_NO_SERVICE =
      noClasses()
          .that()
          .resideInAPackage("dev.imgcompat.core..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("dev.imgcompat.service..", "org.springframework..");

  @ArchTest
  static final ArchRule THE_SERVICE_SEES_NO_TRANSPORT_AND_NO_BYTES =
      noClasses()
          .that()
          .resideInAPackage("dev.imgcompat.service..")
          .and()
          .resideOutsideOfPackages("dev.imgcompat.service.reach..", "dev.imgcompat.service.store..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "dev.imgcompat.core.source..",
              "dev.imgcompat.core.registry..",
              "dev.imgcompat.core.layer..",
              "dev.imgcompat.core.elf..",
              "dev.imgcompat.core.analyze..");

  @ArchTest
  static final ArchRule ONLY_THE_STORE_SPEAKS_SQL =
      noClasses()
          .that()
          .resideOutsideOfPackage("dev.imgcompat.service.store.jdbc..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("org.springframework.jdbc..", "java.sql..", "org.flywaydb..");

  @ArchTest
  static final ArchRule ONLY_THE_API_SPEAKS_HTTP =
      noClasses()
          .that()
          .resideOutsideOfPackages("dev.imgcompat.service.web..", "dev.imgcompat.service.access..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("jakarta.servlet..", "org.springframework.web..");

  /** ArchUnit's own option knows the directory "target" only; builds may have others. */
  static final class WithoutTests implements ImportOption {
    @Override
    public boolean includes(Location location) {
      return !location.contains("/test-classes/") && !location.contains("-tests.jar");
    }
  }
}
