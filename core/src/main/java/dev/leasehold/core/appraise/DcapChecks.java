package dev.leasehold.core.appraise;

import dev.leasehold.core.evidence.Check;
import dev.leasehold.core.evidence.dcap.DcapClaims;
import dev.leasehold.core.evidence.dcap.Quote.Trailing;
import dev.leasehold.core.evidence.dcap.SgxAttributes;
import dev.leasehold.core.evidence.dcap.SgxClaims;
import dev.leasehold.core.evidence.dcap.TdAttributes;
import dev.leasehold.core.evidence.dcap.TdxClaims;
import dev.leasehold.core.lease.AppraisalStatement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** A policy over an SGX or TDX platform (protocol §6.2 steps 2 to 4). */
final class DcapChecks {
  private static final String STEP_2 = "protocol §6.2 step 2";
  private static final String STEP_3 = "protocol §6.2 step 3";
  private static final String STEP_4 = "protocol §6.2 step 4";
  private static final String LAUNCH = "launch the trust domain with other TDATTRIBUTES";

  private final DcapClaims claims;
  private final PlatformPolicy policy;

  DcapChecks(DcapClaims claims, PlatformPolicy policy) {
    this.claims = claims;
    this.policy = policy;
  }

  List<Check> all(Instant now) {
    List<Check> out =
        new ArrayList<>(
            List.of(
                revocationListIsFresh(now),
                nothingButZerosFollowsTheQuote(),
                statusIsAccepted(),
                advisoriesAreAllowed(),
                evaluationReachesTheFloor()));
    out.addAll(
        switch (claims) {
          case SgxClaims sgx -> enclave(sgx.report().attributes());
          case TdxClaims tdx -> domain(tdx);
        });
    out.add(reservedBitsAreAsDefined());
    if (claims instanceof TdxClaims tdx) {
      tdx.eventLog().ifPresent(log -> out.add(EventLogCheck.ofRtmrs(log, tdx.report().rtmr())));
    }
    return List.copyOf(out);
  }

  AppraisalStatement.Tcb tcb() {
    return new AppraisalStatement.Tcb(
        claims.tcb().status(), claims.svn(), claims.tcb().evaluation(), claims.tcb().advisories());
  }

  /**
   * Of the list that can name the platform. Intel renews the root's only once a year, so that its
   * own window is the measure there.
   */
  private Check revocationListIsFresh(Instant now) {
    Duration age = claims.revocations().getLast().age(now);
    Optional<Duration> limit = policy.maxCrlAge();
    return Check.of(
        policy.allowsAge(Optional.of(age)),
        "crl",
        limit
            .map(l -> "a list of the PCK's issuer at most " + Age.inWords(l) + " old")
            .orElse("not demanded"),
        "one " + Age.inWords(age) + " old",
        STEP_2,
        "let the verifying party fetch the revocation list of the PCK's issuer from Intel");
  }

  /** Kernels hand over whole buffers; anything else after the end was put there by somebody. */
  private Check nothingButZerosFollowsTheQuote() {
    Trailing trailing = claims.quote().trailing();
    return Check.of(
        trailing.zeros(),
        "trailing-bytes",
        "nothing but zeros after the end that the quote declares",
        trailing.zeros()
            ? trailing.bytes() + " zeros"
            : "other data in " + trailing.bytes() + " bytes",
        STEP_3,
        "send the quote as the hardware interface gave it");
  }

  private Check statusIsAccepted() {
    String status = claims.tcb().status();
    return Check.of(
        policy.tcbStatus().contains(status),
        "tcb",
        "one of " + policy.tcbStatus(),
        status + parts(),
        STEP_3,
        "update firmware, microcode and TDX module of the platform, then restart what runs on it");
  }

  private String parts() {
    return " (platform "
        + claims.tcbResult().platformStatus()
        + claims.tcbResult().moduleStatus().map(m -> ", TDX module " + m).orElse("")
        + ", Quoting Enclave "
        + claims.tcbResult().qeStatus()
        + ")";
  }

  private Check advisoriesAreAllowed() {
    List<String> got = claims.tcb().advisories();
    Optional<Set<String>> allowed = policy.advisoriesAllowed();
    return Check.of(
        allowed.isEmpty() || allowed.get().containsAll(got),
        "advisories",
        allowed.map(a -> "none but " + a).orElse("any"),
        got.isEmpty() ? "none" : got.toString(),
        STEP_3,
        "mend what the advisories describe, or have the policy's owner accept them by name");
  }

  private Check evaluationReachesTheFloor() {
    return Check.of(
        claims.tcb().evaluation() >= policy.minTcbEvaluation(),
        "tcb-evaluation",
        "at least " + policy.minTcbEvaluation(),
        Long.toString(claims.tcb().evaluation()),
        STEP_3,
        "let the verifying party fetch Intel's current TCB info and QE identity");
  }

  private List<Check> enclave(SgxAttributes attributes) {
    return List.of(
        check(
            "debug", !attributes.debug(), "DEBUG 0", "DEBUG 1", "build the enclave without debug"),
        check("init", attributes.initialised(), "INIT 1", "INIT 0", "initialise the enclave"));
  }

  private List<Check> domain(TdxClaims tdx) {
    TdAttributes attributes = tdx.report().tdAttributes();
    return List.of(
        check("debug", !attributes.debug(), "DEBUG 0", "DEBUG 1", LAUNCH),
        check("migration", !attributes.migratable(), "MIGRATABLE 0", "MIGRATABLE 1", LAUNCH),
        noServiceDomainIsBound(tdx),
        check(
            "sept-ve",
            attributes.septVeDisabled(),
            "SEPT_VE_DISABLE 1",
            "SEPT_VE_DISABLE 0",
            LAUNCH),
        check("perfmon", !attributes.perfmon(), "PERFMON 0", "PERFMON 1", LAUNCH));
  }

  /** A service domain bound to this one can migrate it. */
  private Check noServiceDomainIsBound(TdxClaims tdx) {
    String got = tdx.report().mrServiceTd().map(Object::toString).orElse("none in TDX 1.0");
    return Check.of(
        tdx.report().mrServiceTd().stream().allMatch(h -> h.hex().matches("0*")),
        "service-td",
        "MRSERVICETD zero",
        got,
        STEP_4,
        "launch the trust domain without service domains");
  }

  private Check reservedBitsAreAsDefined() {
    List<String> set = claims.reservedBits();
    String asDefined = "all as the format fixes them";
    return Check.of(
        set.isEmpty(),
        "reserved-bits",
        asDefined,
        set.isEmpty() ? asDefined : "others in " + set,
        STEP_4,
        "use a platform release that this version of the verifier knows");
  }

  private static Check check(
      String claim, boolean ok, String expected, String otherwise, String remedy) {
    return Check.of(ok, claim, expected, ok ? expected : otherwise, STEP_4, remedy);
  }
}
