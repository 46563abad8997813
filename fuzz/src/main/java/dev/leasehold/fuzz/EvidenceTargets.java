package dev.leasehold.fuzz;

import dev.leasehold.core.bytes.Malformed;
import dev.leasehold.core.evidence.Collateral;
import dev.leasehold.core.evidence.CollateralFile;
import dev.leasehold.core.evidence.EvidenceFile;
import dev.leasehold.core.evidence.EvidenceKind;
import dev.leasehold.core.evidence.Verdict;
import dev.leasehold.core.evidence.Verifier;
import dev.leasehold.core.pki.PinnedAnchors;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Evidence of each kind, read and verified: whatever is read gets a verdict, and what is genuine
 * says what one of the vectors says, for nobody can sign anything else.
 */
final class EvidenceTargets {
  static final List<Target> ALL =
      Arrays.stream(EvidenceKind.values()).map(EvidenceTargets::target).toList();

  private EvidenceTargets() {}

  /**
   * Vectors of one kind.
   *
   * @param endings of the files that are evidence
   * @param collateral files that verify them
   * @param now when some of them are genuine
   */
  private record Source(
      String folder, List<String> endings, List<String> collateral, Instant now) {}

  private static Target target(EvidenceKind kind) {
    Source source = source(kind.word());
    Verification verification = new Verification(kind, source);
    return new Target(kind.word() + "-evidence", () -> seeds(source), verification::check);
  }

  private static Source source(String kind) {
    return switch (kind) {
      case "sgx" ->
          source(
              kind, List.of(".quote"), List.of("sgx/icx-606a.coll.json"), "2025-09-01T00:00:00Z");
      case "tdx" ->
          source(
              kind,
              List.of(".quote"),
              List.of("tdx/v4-b0c0-uptodate.coll.json"),
              "2025-07-01T00:00:00Z");
      case "snp" ->
          source(
              kind,
              List.of(".report"),
              List.of("snp/genoa-v3.vcek.pem", "snp/genoa.ask-ark.pem"),
              "2026-03-01T00:00:00Z");
      case "azure" ->
          source(
              kind,
              List.of(".json"),
              List.of("tdx/8060-eval17-2025-10.coll.json", "snp/genoa.ask-ark.pem"),
              "2025-10-20T00:00:00Z");
      case "nitro" -> source(kind, List.of(".cose"), List.of(), "2022-11-09T23:00:00Z");
      case "tpm" ->
          source(
              kind,
              List.of("coco.json", "sha1.json", ".pb"),
              List.of("tpm/gce-akca-intermediate.der", "tpm/gce-akca-root.der"),
              "2025-01-01T00:00:00Z");
      case "nvidia" ->
          source(
              kind,
              List.of(".report"),
              List.of("nvidia/h100-550.chain.pem", "nvidia/device-root.pem"),
              "2025-08-21T12:00:00Z");
      default -> throw new IllegalStateException("no vectors of " + kind);
    };
  }

  private static Source source(
      String folder, List<String> endings, List<String> collateral, String now) {
    return new Source(folder, endings, collateral, Instant.parse(now));
  }

  private static List<byte[]> seeds(Source source) throws Exception {
    return Vectors.all(source.folder, source.endings.toArray(String[]::new));
  }

  /** Holds what every input is verified against, made on first use. */
  private static final class Verification {
    private final EvidenceKind kind;
    private final Source source;
    private Optional<Known> known = Optional.empty();

    Verification(EvidenceKind kind, Source source) {
      this.kind = kind;
      this.source = source;
    }

    /** Collateral, and what the genuine vectors say under it. */
    private record Known(Collateral collateral, Set<String> said) {}

    void check(byte[] input) throws Malformed {
      Known k = known();
      said(k.collateral, input)
          .ifPresent(s -> Target.require(k.said.contains(s), "forged " + kind + ": " + s));
    }

    private Known known() {
      if (known.isEmpty()) {
        known = Optional.of(learn());
      }
      return known.get();
    }

    private Known learn() {
      Collateral collateral = Collateral.NONE;
      Set<String> said = new HashSet<>();
      try {
        for (String file : Vectors.present() ? source.collateral : List.<String>of()) {
          collateral = collateral.and(CollateralFile.read(file, Vectors.read(file)));
        }
        for (byte[] seed : seeds(source)) {
          learn(collateral, seed).ifPresent(said::add);
        }
      } catch (Exception e) {
        throw new IllegalStateException(e);
      }
      return new Known(collateral, said);
    }

    /** Some vectors are refused by the parser, on purpose. */
    private Optional<String> learn(Collateral collateral, byte[] seed) {
      try {
        return said(collateral, seed);
      } catch (Malformed e) {
        return Optional.empty();
      }
    }

    private Optional<String> said(Collateral collateral, byte[] input) throws Malformed {
      Verdict verdict =
          Verifier.verify(
              EvidenceFile.read(kind, input, List.of()),
              collateral,
              PinnedAnchors.ANCHORS,
              source.now);
      return switch (verdict) {
        case Verdict.Genuine(var claims, _) ->
            Optional.of(claims.tcb() + " " + claims.fields().values());
        case Verdict.Refused(var refusal, _) -> {
          Target.require(!refusal.claim().isEmpty(), "a refusal without a claim");
          yield Optional.empty();
        }
      };
    }
  }
}
