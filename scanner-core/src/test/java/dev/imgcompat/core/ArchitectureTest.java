package dev.imgcompat.core;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.core.importer.Location;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.Architectures;

/** The arrows between the packages, as docs/DESIGN.md lists them. */
@AnalyzeClasses(
    packages = "dev.imgcompat.core",
    importOptions = ArchitectureTest.WithoutTests.class)
class ArchitectureTest {
  private static final String ROOT = "dev.imgcompat.core";

  @ArchTest
  static final ArchRule PACKAGES_KEEP_TO_THEIR_ARROWS =
      Architectures.layeredArchitecture()
          .consideringOnlyDependenciesInAnyPackage(ROOT + "..")
          .layer("image")
          .definedBy(ROOT + ".image")
          .layer("elf")
          .definedBy(ROOT + ".elf")
          .layer("access")
          .definedBy(ROOT + ".access")
          .layer("registry")
          .definedBy(ROOT + ".registry")
          .layer("config")
          .definedBy(ROOT + ".config")
          .layer("source")
          .definedBy(ROOT + ".source")
          .layer("tar")
          .definedBy(ROOT + ".tar")
          .layer("engine")
          .definedBy(ROOT + ".engine")
          .layer("layer")
          .definedBy(ROOT + ".layer")
          .layer("analyze")
          .definedBy(ROOT + ".analyze")
          .layer("rootfs")
          .definedBy(ROOT + ".rootfs")
          .layer("facts")
          .definedBy(ROOT + ".facts")
          .layer("rules")
          .definedBy(ROOT + ".rules")
          .layer("verdict")
          .definedBy(ROOT + ".verdict")
          .layer("router")
          .definedBy(ROOT + ".router")
          .layer("lint")
          .definedBy(ROOT + ".lint")
          .layer("export")
          .definedBy(ROOT + ".export")
          .layer("sweep")
          .definedBy(ROOT + ".sweep..")
          .layer("root")
          .definedBy(ROOT)
          .whereLayer("image")
          .mayNotAccessAnyLayer()
          .whereLayer("elf")
          .mayNotAccessAnyLayer()
          .whereLayer("access")
          .mayOnlyAccessLayers("image")
          .whereLayer("registry")
          .mayOnlyAccessLayers("image", "access")
          .whereLayer("config")
          .mayOnlyAccessLayers("image", "access", "registry")
          .whereLayer("tar")
          .mayNotAccessAnyLayer()
          .whereLayer("engine")
          .mayOnlyAccessLayers("image", "access")
          .whereLayer("source")
          .mayOnlyAccessLayers("image", "tar", "registry", "engine")
          .whereLayer("layer")
          .mayOnlyAccessLayers("image", "tar")
          .whereLayer("analyze")
          .mayOnlyAccessLayers("layer", "elf")
          .whereLayer("rootfs")
          .mayOnlyAccessLayers("image", "tar", "layer", "elf", "analyze")
          .whereLayer("facts")
          .mayOnlyAccessLayers("image", "layer", "analyze")
          .whereLayer("rules")
          .mayOnlyAccessLayers("image", "elf", "rootfs")
          .whereLayer("verdict")
          .mayOnlyAccessLayers("image", "elf", "rootfs", "rules")
          .whereLayer("router")
          .mayOnlyAccessLayers("image", "access")
          .whereLayer("lint")
          .mayOnlyAccessLayers("image", "router")
          .whereLayer("export")
          .mayOnlyAccessLayers("image", "access", "rootfs", "rules", "verdict", "router")
          .whereLayer("sweep")
          .mayOnlyAccessLayers("image", "access", "registry", "rules", "verdict")
          .whereLayer("root")
          .mayNotBeAccessedByAnyLayer();

  @ArchTest
  static final ArchRule PACKAGES_HAVE_NO_CYCLES =
      slices().matching(ROOT + ".(*)..").should().beFreeOfCycles();

  @ArchTest
  static final ArchRule THE_CORE_KNOWS_NEITHER_COMMAND_LINE_NOR_WEB_NOR_SQL =
      noClasses()
          .should()
          .dependOnClassesThat(
              resideInAPackage("picocli..")
                  .or(resideInAPackage("org.springframework.."))
                  .or(resideInAPackage("java.sql.."))
                  .or(resideInAPackage("dev.imgcompat.cli..")));

  @ArchTest
  static final ArchRule ONLY_REGISTRY_AND_ENGINE_SPEAK_HTTP =
      noClasses()
          .that()
          .resideOutsideOfPackages(ROOT + ".registry", ROOT + ".engine")
          .should()
          .dependOnClassesThat(
              resideInAPackage("org.apache.hc..").or(resideInAPackage("java.net.http..")));

  @ArchTest
  static final ArchRule NAMES_ARE_OF_THINGS =
      classes().should().haveNameNotMatching(".*(Manager|Helper|Util|Utils|Impl|Processor)");

  /** ArchUnit's own option knows the directory "target" only; builds may have others. */
  static final class WithoutTests implements ImportOption {
    @Override
    public boolean includes(Location location) {
      return !location.contains("/test-classes/") && !location.contains("-tests.jar");
    }
  }
}
