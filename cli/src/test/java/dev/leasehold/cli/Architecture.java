package dev.leasehold.cli;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaCall;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.lang.ArchRule;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/** The rules of the house: who may see whom, and what core must not touch. */
final class Architecture {
  static final String ROOT = "dev.leasehold.";
  private static final String CORE = ROOT + "core..";
  static final List<String> MODULES =
      List.of("core", "enclave", "custodian", "borrower", "consumer", "testkit", "cli");

  private Architecture() {}

  /** Each party sees core and itself; core sees itself. */
  static ArchRule sees(String module, String... others) {
    DescribedPredicate<JavaClass> allowed =
        resideInAPackage(ROOT + module + "..").or(resideInAnyPackage(packages(others)));
    return noClasses()
        .that()
        .resideInAPackage(ROOT + module + "..")
        .should()
        .dependOnClassesThat(
            resideInAPackage("dev.leasehold..").and(DescribedPredicate.not(allowed)))
        .as(module + " sees of Leasehold only itself and " + List.of(others))
        .allowEmptyShould(true);
  }

  static final ArchRule ONLY_THE_DEMO_SEES_THE_TESTKIT =
      noClasses()
          .that()
          .resideOutsideOfPackages(ROOT + "testkit..", ROOT + "cli.demo..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(ROOT + "testkit..", "org.bouncycastle..")
          .as("only dev.leasehold.cli.demo sees the testkit (protocol §17)");

  /** A sealed model is larger than memory, so sealing and opening stream files: core.seal. */
  static final ArchRule CORE_DOES_NO_IO =
      noClasses()
          .that()
          .resideInAPackage(CORE)
          .and()
          .resideOutsideOfPackage(ROOT + "core.seal..")
          .should()
          .callCodeUnitWhere(
              owner(
                  "java\\.nio\\.(file|channels)\\..*|java\\.lang\\.Process.*"
                      + "|java\\.io\\.(File.*|RandomAccessFile|Console)"))
          .as("core does no I/O, but for core.seal, which streams files");

  static final ArchRule CORE_HAS_NO_NETWORK =
      noClasses()
          .that()
          .resideInAPackage(CORE)
          .should()
          .callCodeUnitWhere(owner("java\\.net\\.(?!URI).*"))
          .as("core opens no connection");

  static final ArchRule CORE_READS_NO_CLOCK =
      noClasses()
          .that()
          .resideInAPackage(CORE)
          .should()
          .callCodeUnitWhere(
              describe(
                  "reads the clock",
                  call ->
                      readsWallClock(call) || calls(call, "java.lang.System", Set.of("nanoTime"))))
          .as("core reads no clock: time is an argument");

  /** The host sets the guest's date: nothing may depend on it (protocol §9.5). */
  static final ArchRule THE_ENCLAVE_READS_NO_DATE =
      noClasses()
          .that()
          .resideInAPackage(ROOT + "enclave..")
          .should()
          .callCodeUnitWhere(describe("reads the date", Architecture::readsWallClock))
          .as("the enclave reads no date: intervals are monotonic, dates are the custodian's");

  /** No flag, variable, property or file leads to other roots of trust (protocol §17). */
  static final ArchRule ONLY_A_SIMULATION_NAMES_OTHER_ROOTS =
      noClasses()
          .that()
          .resideOutsideOfPackages(ROOT + "testkit..", ROOT + "core.pki..")
          .should()
          .callCodeUnitWhere(
              describe(
                  "makes roots of trust",
                  call ->
                      calls(call, ROOT + "core.pki.Anchors", Set.of("<init>"))
                          || calls(call, ROOT + "core.pki.Anchor", Set.of("<init>"))))
          .as("only the testkit names roots of trust that are not pinned");

  static final ArchRule CORE_DRAWS_NO_RANDOMNESS =
      noClasses()
          .that()
          .resideInAPackage(CORE)
          .and(DescribedPredicate.not(assignableTo(SecureRandom.class)))
          .should()
          .callCodeUnitWhere(
              describe(
                  "makes a source of randomness",
                  call ->
                      isNoArgConstructor(call, "java.security.SecureRandom")
                          || isNoArgConstructor(call, "java.util.Random")
                          || calls(call, "java.util.UUID", Set.of("randomUUID"))
                          || calls(call, "java.lang.Math", Set.of("random"))))
          .as("core makes no source of randomness: it is an argument");

  static final ArchRule CORE_STARTS_NO_THREAD =
      noClasses()
          .that()
          .resideInAPackage(CORE)
          .should()
          .callCodeUnitWhere(
              describe(
                  "starts a thread",
                  call ->
                      (call.getTargetOwner().isAssignableTo(Thread.class)
                              && (call.getName().startsWith("start")
                                  || call.getName().startsWith("of")
                                  || call.getName().equals("<init>")))
                          || call.getTargetOwner()
                              .getName()
                              .matches(
                                  "java\\.util\\.concurrent\\.(Executors|ForkJoin.*|"
                                      + "CompletableFuture|StructuredTaskScope.*)|java\\.util\\.Timer")
                          || call.getName().matches("parallel(Stream)?")))
          .as("core starts no thread");

  /** The direction of dependencies: core, then the parties, then the command. */
  static List<ArchRule> direction() {
    return List.of(
        sees("core"),
        sees("enclave", "core"),
        sees("custodian", "core"),
        sees("borrower", "core"),
        sees("consumer", "core"),
        sees("testkit", "core"),
        sees("cli", "core", "custodian", "borrower", "consumer", "testkit"));
  }

  private static String[] packages(String... modules) {
    return Arrays.stream(modules).map(m -> ROOT + m + "..").toArray(String[]::new);
  }

  private static DescribedPredicate<JavaCall<?>> owner(String pattern) {
    return describe(
        "calls a method of " + pattern, call -> call.getTargetOwner().getName().matches(pattern));
  }

  private static boolean calls(JavaCall<?> call, String owner, Set<String> names) {
    return call.getTargetOwner().getName().equals(owner) && names.contains(call.getName());
  }

  private static boolean readsWallClock(JavaCall<?> call) {
    return calls(call, "java.lang.System", Set.of("currentTimeMillis"))
        || (call.getTargetOwner().getName().startsWith("java.time.")
            && Set.of("now", "systemUTC", "systemDefaultZone", "system", "tick")
                .contains(call.getName()))
        || isNoArgConstructor(call, "java.util.Date")
        || (call.getName().equals("checkValidity")
            && call.getTarget().getRawParameterTypes().isEmpty());
  }

  private static boolean isNoArgConstructor(JavaCall<?> call, String owner) {
    return calls(call, owner, Set.of("<init>"))
        && call.getTarget().getRawParameterTypes().isEmpty();
  }
}
