package dev.leasehold.enclave.model;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.codeUnits;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import ai.onnxruntime.OrtSession;
import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.JavaMethodCall;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import dev.leasehold.core.guard.Permit;
import java.lang.foreign.SymbolLookup;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Un-metered inference must not be expressible (protocol §9.3). */
class EngineArchitectureTest {
  private static final String LLAMA = "dev.leasehold.enclave.model.llama";
  private static final String ONNX = "dev.leasehold.enclave.model.onnx";

  private static final JavaClasses ENCLAVE =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("dev.leasehold.core", "dev.leasehold.enclave");

  @Test
  void onlyTheBindingLoadsLibraries() {
    noClasses()
        .that()
        .doNotHaveFullyQualifiedName(LLAMA + ".Llama")
        .should()
        .callMethodWhere(
            DescribedPredicate.describe(
                "loads a native library",
                call ->
                    call.getTargetOwner().isEquivalentTo(SymbolLookup.class)
                        && call.getName().equals("libraryLookup")))
        .check(ENCLAVE);
  }

  @Test
  void onlyTheContextRunsTheKernelAndOnlyTheEngineHoldsTheContext() {
    noClasses()
        .that()
        .doNotHaveFullyQualifiedName(LLAMA + ".LlamaContext")
        .should()
        .callMethodWhere(
            DescribedPredicate.describe(
                "runs the kernel", call -> isCall(call, LLAMA + ".Llama", "decode")))
        .check(ENCLAVE);
    noClasses()
        .that()
        .haveNameNotMatching(Pattern.quote(LLAMA + ".Llama") + "(Engine|Context)")
        .should()
        .dependOnClassesThat()
        .haveFullyQualifiedName(LLAMA + ".LlamaContext")
        .check(ENCLAVE);
  }

  @Test
  void onlyTheEngineTouchesOnnxRuntime() {
    noClasses()
        .that()
        .resideOutsideOfPackage(ONNX)
        .should()
        .dependOnClassesThat()
        .resideInAPackage("ai.onnxruntime..")
        .check(ENCLAVE);
  }

  @Test
  void everyPublicStepOfAnEngineTakesAPermit() {
    methods()
        .that()
        .areDeclaredInClassesThat()
        .resideInAPackage("dev.leasehold.enclave.model.engine")
        .and()
        .haveNameMatching("prefill|decode|run")
        .and()
        .areDeclaredInClassesThat()
        .haveSimpleNameEndingWith("Engine")
        .should(takeAPermitFirst())
        .check(ENCLAVE);
  }

  @Test
  void theKernelIsCalledOnlyFromMethodsThatWereGivenAPermit() {
    codeUnits()
        .that()
        .areDeclaredInClassesThat()
        .resideInAnyPackage(LLAMA, ONNX)
        .should(
            new ArchCondition<>("call a kernel only on the way of a permit") {
              @Override
              public void check(JavaCodeUnit unit, ConditionEvents events) {
                boolean kernel =
                    unit.getMethodCallsFromSelf().stream()
                        .anyMatch(EngineArchitectureTest::isKernel);
                if (kernel && !leadsOnlyFromPermits(unit)) {
                  events.add(SimpleConditionEvent.violated(unit, unit + " runs without a permit"));
                }
              }
            })
        .check(ENCLAVE);
  }

  private static boolean isKernel(JavaMethodCall call) {
    return isCall(call, LLAMA + ".LlamaContext", "step")
        || isCall(call, OrtSession.class.getName(), "run");
  }

  private static boolean isCall(JavaMethodCall call, String owner, String name) {
    return call.getTargetOwner().getName().equals(owner) && call.getName().equals(name);
  }

  /** The unit has a permit itself, or is private and all its callers have one. */
  private static boolean leadsOnlyFromPermits(JavaCodeUnit unit) {
    if (takesAPermit(unit)) {
      return true;
    }
    return unit.getModifiers().contains(JavaModifier.PRIVATE)
        && unit.getCallsOfSelf().stream().allMatch(call -> leadsOnlyFromPermits(call.getOrigin()));
  }

  private static boolean takesAPermit(JavaCodeUnit unit) {
    return unit.getRawParameterTypes().stream().anyMatch(t -> t.isEquivalentTo(Permit.class));
  }

  private static <T extends JavaCodeUnit> ArchCondition<T> takeAPermitFirst() {
    return new ArchCondition<>("take a permit first") {
      @Override
      public void check(T unit, ConditionEvents events) {
        boolean first =
            !unit.getRawParameterTypes().isEmpty()
                && unit.getRawParameterTypes().getFirst().isEquivalentTo(Permit.class);
        if (!first) {
          events.add(SimpleConditionEvent.violated(unit, unit + " takes no permit first"));
        }
      }
    };
  }
}
