package dev.imgcompat.cli;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.core.importer.Location;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** The command line uses the core as any other caller would. */
@AnalyzeClasses(packages = "dev.imgcompat", importOptions = ArchitectureTest.WithoutTests.class)
class ArchitectureTest {
  @ArchTest
  static final ArchRule THE_COMMAND_LINE_SEES_NO_TRANSPORT_AND_NO_BYTES =
      noClasses()
          .that()
          .resideInAPackage("dev.imgcompat.cli..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "dev.imgcompat.core.source..",
              "dev.imgcompat.core.registry..",
              "dev.imgcompat.core.layer..",
              "dev.imgcompat.core.elf..",
              "dev.imgcompat.core.analyze..");

  /** ArchUnit's own option knows the directory "target" only; builds may have others. */
  static final class WithoutTests implements ImportOption {
    @Override
    public boolean includes(Location location) {
      return !location.contains("/test-classes/") && !location.contains("-tests.jar");
    }
  }
}
