package dev.leasehold.core.appraise;

import dev.leasehold.core.evidence.Check;
import dev.leasehold.core.evidence.nvidia.Architecture;
import dev.leasehold.core.evidence.nvidia.NvidiaClaims;
import dev.leasehold.core.evidence.nvidia.VerifiedRim;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** The owner's policy over a GPU (protocol §6.2 step 10). */
final class NvidiaChecks {
  private static final String STEP_10 = "protocol §6.2 step 10";

  private final NvidiaClaims claims;
  private final PlatformPolicy policy;

  NvidiaChecks(NvidiaClaims claims, PlatformPolicy policy) {
    this.claims = claims;
    this.policy = policy;
  }

  List<Check> all(Instant now) {
    return List.of(
        architectureIsKnown(),
        answersAreFresh("ocsp", claims.clearedAt(), now),
        matches("driver-rim", claims.driverRim(), claims.report().driverRimId()),
        answersAreFresh("driver-rim-ocsp", clearedAt(claims.driverRim()), now),
        matches("vbios-rim", claims.vbiosRim(), claims.report().vbiosRimId()),
        answersAreFresh("vbios-rim-ocsp", clearedAt(claims.vbiosRim()), now));
  }

  /** What a block measures and how reference values are named is known of Hopper alone. */
  private Check architectureIsKnown() {
    return Check.of(
        claims.architecture() == Architecture.HOPPER,
        "architecture",
        Architecture.HOPPER.word(),
        claims.architecture().word() + " (" + claims.device().chip() + ")",
        STEP_10,
        "use a GPU of an accepted architecture");
  }

  private static Check matches(String claim, Optional<VerifiedRim> rim, String id) {
    return Check.of(
        rim.isPresent(),
        claim,
        "measurements as in " + id,
        rim.map(r -> "as in " + r.id()).orElse("not compared: no reference values held"),
        STEP_10,
        "let the verifying party fetch " + id + " from NVIDIA's RIM service");
  }

  private Check answersAreFresh(String claim, Optional<Instant> clearedAt, Instant now) {
    Optional<Duration> age = clearedAt.map(t -> Duration.between(t, now));
    Optional<Duration> limit = policy.maxCrlAge();
    return Check.of(
        policy.allowsAge(age),
        claim,
        limit
            .map(l -> "an OCSP answer for each certificate, at most " + Age.inWords(l) + " old")
            .orElse("not demanded"),
        age.map(a -> "the oldest " + Age.inWords(a) + " old").orElse("not for each"),
        STEP_10,
        "let the verifying party ask NVIDIA's OCSP responder about each certificate");
  }

  private static Optional<Instant> clearedAt(Optional<VerifiedRim> rim) {
    return rim.flatMap(VerifiedRim::clearedAt);
  }
}
