package dev.leasehold.core.evidence.nvidia;

import static org.assertj.core.api.Assumptions.assumeThat;

import dev.leasehold.core.bytes.Bytes;
import dev.leasehold.core.bytes.Malformed;
import dev.leasehold.core.evidence.Collateral;
import dev.leasehold.core.evidence.Verdict;
import dev.leasehold.core.evidence.Verifier;
import dev.leasehold.core.pki.Anchors;
import dev.leasehold.core.pki.Certificates;
import dev.leasehold.core.pki.PinnedAnchors;
import dev.leasehold.core.testing.FlatJson;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** The genuine reports of {@code leasehold.shared}/vectors/nvidia and what is known of them. */
public final class NvidiaVectors {
  private static final Path FOLDER =
      Path.of(System.getProperty("leasehold.shared", "absent"), "vectors", "nvidia");

  /** When the certificates of every signer of the reference values named in a case hold. */
  private static final Instant WITH_RIMS = Instant.parse("2025-06-01T00:00:00Z");

  private static final Instant WITHOUT_RIMS = Instant.parse("2026-11-23T00:00:00Z");

  private NvidiaVectors() {}

  /** One case of expected.json, flattened. */
  public record Case(String id, Bytes reportBytes, Map<String, String> expected) {
    public boolean genuine() {
      return Boolean.parseBoolean(get("genuine"));
    }

    public boolean acceptedByStrict() {
      return Boolean.parseBoolean(get("acceptedByStrict"));
    }

    public byte[] report() {
      return reportBytes.toArray();
    }

    public List<X509Certificate> chain() {
      return certificates(get("chain"));
    }

    /** An instant at which everything signed that this case names holds, if there is one. */
    public Instant inside() {
      return expected.containsKey("rims/driver") ? WITH_RIMS : WITHOUT_RIMS;
    }

    public Verdict verify() throws Malformed {
      return verify(report(), chain());
    }

    public Verdict verify(byte[] report, List<X509Certificate> chain) throws Malformed {
      return verify(report, chain, PinnedAnchors.ANCHORS);
    }

    public Verdict verify(Anchors anchors) throws Malformed {
      return verify(report(), chain(), anchors);
    }

    private Verdict verify(byte[] report, List<X509Certificate> chain, Anchors anchors)
        throws Malformed {
      return Verifier.verify(
          new NvidiaEvidence(NvidiaReport.parse(report), chain), collateral(), anchors, inside());
    }

    /** The reference values that the case names. */
    Collateral collateral() throws Malformed {
      List<NvidiaRim> rims = new ArrayList<>();
      for (String kind : List.of("rims/driver", "rims/vbios")) {
        String file = expected.get(kind);
        if (file != null && file.endsWith(".xml")) {
          rims.add(rim(file));
        }
      }
      return Collateral.ofRims(rims);
    }

    public Verdict verifyWith(Collateral collateral, Instant now) throws Malformed {
      return Verifier.verify(
          new NvidiaEvidence(NvidiaReport.parse(report()), chain()),
          collateral,
          PinnedAnchors.ANCHORS,
          now);
    }

    Map<String, String> under(String prefix) {
      return FlatJson.under(expected, prefix);
    }

    public String get(String key) {
      return Objects.requireNonNull(expected.get(key), key);
    }

    public Optional<String> find(String key) {
      return Optional.ofNullable(expected.get(key)).filter(v -> !v.isEmpty());
    }

    @Override
    public String toString() {
      return id;
    }
  }

  public static List<Case> all() {
    assumeThat(FOLDER).as("vectors are not here: set leasehold.shared").isDirectory();
    return FlatJson.read(FOLDER.resolve("expected.json")).stream()
        .map(f -> new Case(value(f, "id"), Bytes.of(bytes(value(f, "report"))), f))
        .toList();
  }

  public static Case byId(String id) {
    return all().stream().filter(c -> c.id().equals(id)).findFirst().orElseThrow();
  }

  public static byte[] bytes(String file) {
    assumeThat(FOLDER).as("vectors are not here: set leasehold.shared").isDirectory();
    try {
      return Files.readAllBytes(FOLDER.resolve(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public static NvidiaRim rim(String file) throws Malformed {
    return NvidiaRim.parse(file, bytes(file));
  }

  public static List<X509Certificate> certificates(String file) {
    try {
      return Certificates.parseAny(file, bytes(file));
    } catch (Malformed e) {
      throw new IllegalStateException(e);
    }
  }

  private static String value(Map<String, String> flat, String key) {
    return Objects.requireNonNull(flat.get(key), key);
  }
}
