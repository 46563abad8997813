package dev.leasehold.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.MethodSource;

class ArchitectureTest {
  private static final JavaClasses PRODUCT =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .withImportOption(location -> !location.contains("-tests.jar"))
          .importPackages("dev.leasehold");

  private static final JavaClasses OFFENDERS =
      new ClassFileImporter()
          .importPackages(
              "dev.leasehold.core.offender",
              "dev.leasehold.enclave.offender",
              "dev.leasehold.cli.offender");

  static Stream<ArchRule> rules() {
    return Stream.concat(
        Architecture.direction().stream(),
        Stream.of(
            Architecture.ONLY_THE_DEMO_SEES_THE_TESTKIT,
            Architecture.CORE_DOES_NO_IO,
            Architecture.CORE_HAS_NO_NETWORK,
            Architecture.CORE_READS_NO_CLOCK,
            Architecture.THE_ENCLAVE_READS_NO_DATE,
            Architecture.ONLY_A_SIMULATION_NAMES_OTHER_ROOTS,
            Architecture.CORE_DRAWS_NO_RANDOMNESS,
            Architecture.CORE_STARTS_NO_THREAD));
  }

  @Tag("AR-12")
  @Tag("TI-01")
  @Tag("D23")
  @ParameterizedTest
  @MethodSource("rules")
  void holds(ArchRule rule) {
    rule.check(PRODUCT);
  }

  static Stream<Arguments> offences() {
    return Stream.of(
        Arguments.of(Architecture.sees("core"), "Upward"),
        Arguments.of(Architecture.sees("enclave", "core"), "Sideways"),
        Arguments.of(Architecture.ONLY_THE_DEMO_SEES_THE_TESTKIT, "TestkitUser"),
        Arguments.of(Architecture.CORE_DOES_NO_IO, "readsFile"),
        Arguments.of(Architecture.CORE_HAS_NO_NETWORK, "opensConnection"),
        Arguments.of(Architecture.CORE_READS_NO_CLOCK, "readsClock"),
        Arguments.of(Architecture.THE_ENCLAVE_READS_NO_DATE, "readsDate"),
        Arguments.of(Architecture.ONLY_A_SIMULATION_NAMES_OTHER_ROOTS, "namesRoots"),
        Arguments.of(Architecture.CORE_DRAWS_NO_RANDOMNESS, "makesRandomness"),
        Arguments.of(Architecture.CORE_STARTS_NO_THREAD, "startsThreads"));
  }

  @ParameterizedTest
  @MethodSource("offences")
  void bites(ArchRule rule, String offender) {
    assertThat(rule.evaluate(OFFENDERS).getFailureReport().getDetails())
        .isNotEmpty()
        .anySatisfy(detail -> assertThat(detail).contains(offender));
  }

  /** A module that is missing from the class path would make every rule about it hold. */
  @ParameterizedTest
  @FieldSource("dev.leasehold.cli.Architecture#MODULES")
  void looksAt(String module) throws IOException {
    Path sources = Repository.root().resolve(module + "/src/main/java");
    List<Path> written = List.of();
    if (Files.isDirectory(sources)) {
      try (Stream<Path> tree = Files.walk(sources)) {
        written = tree.filter(ArchitectureTest::isClass).toList();
      }
    }
    for (Path source : written) {
      String name = sources.relativize(source).toString().replace('/', '.');
      assertThat(PRODUCT.contain(name.substring(0, name.length() - ".java".length())))
          .as("imported: %s", name)
          .isTrue();
    }
  }

  private static boolean isClass(Path path) {
    return path.toString().endsWith(".java") && !path.getFileName().toString().contains("-");
  }

  @Test
  void offendersAreNoPartOfTheProduct() {
    assertThat(PRODUCT.stream().map(type -> type.getPackageName()))
        .noneMatch(name -> name.endsWith(".offender"));
  }
}
