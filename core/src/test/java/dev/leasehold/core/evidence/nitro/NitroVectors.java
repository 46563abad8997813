package dev.leasehold.core.evidence.nitro;

import static org.assertj.core.api.Assumptions.assumeThat;

import dev.leasehold.core.bytes.Bytes;
import dev.leasehold.core.bytes.Malformed;
import dev.leasehold.core.evidence.Collateral;
import dev.leasehold.core.evidence.Verdict;
import dev.leasehold.core.evidence.Verifier;
import dev.leasehold.core.pki.PinnedAnchors;
import dev.leasehold.core.testing.FlatJson;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** The genuine documents of {@code leasehold.shared}/vectors/nitro and what is known of them. */
public final class NitroVectors {
  private static final Path FOLDER =
      Path.of(System.getProperty("leasehold.shared", "absent"), "vectors", "nitro");

  private NitroVectors() {}

  /** One case of expected.json. */
  public record Case(String id, Bytes cose, Map<String, String> expected) {
    public byte[] document() {
      return cose.toArray();
    }

    public boolean genuine() {
      return Boolean.parseBoolean(get("genuine"));
    }

    public boolean acceptedByStrict() {
      return Boolean.parseBoolean(get("acceptedByStrict"));
    }

    public Instant from() {
      return OffsetDateTime.parse(get("window/not_before")).toInstant();
    }

    public Instant to() {
      return OffsetDateTime.parse(get("window/not_after")).toInstant();
    }

    public Instant inside() {
      return from().plusSeconds(3600);
    }

    /** Absent for null too. */
    Optional<String> find(String key) {
      return Optional.ofNullable(expected.get(key)).filter(v -> !v.equals("null"));
    }

    String get(String key) {
      return Objects.requireNonNull(expected.get(key), key);
    }

    public Verdict verify(byte[] document, Instant now) throws Malformed {
      return Verifier.verify(
          NitroEvidence.parse(document), Collateral.NONE, PinnedAnchors.ANCHORS, now);
    }

    public Verdict verify() throws Malformed {
      return verify(document(), inside());
    }

    @Override
    public String toString() {
      return id;
    }
  }

  public static List<Case> all() {
    assumeThat(FOLDER).as("vectors are not here: set leasehold.shared").isDirectory();
    return FlatJson.read(FOLDER.resolve("expected.json")).stream()
        .map(NitroVectors::toCase)
        .toList();
  }

  public static List<Case> genuine() {
    return all().stream().filter(Case::genuine).toList();
  }

  public static Case byId(String id) {
    return all().stream().filter(c -> c.id().equals(id)).findFirst().orElseThrow();
  }

  private static Case toCase(Map<String, String> expected) {
    Case bare = new Case("", Bytes.EMPTY, expected);
    try {
      byte[] cose = Files.readAllBytes(FOLDER.resolve(bare.get("file")));
      return new Case(bare.get("id"), Bytes.of(cose), expected);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
