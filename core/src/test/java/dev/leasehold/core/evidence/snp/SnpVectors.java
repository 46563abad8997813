package dev.leasehold.core.evidence.snp;

import static org.assertj.core.api.Assumptions.assumeThat;

import dev.leasehold.core.bytes.Bytes;
import dev.leasehold.core.bytes.Malformed;
import dev.leasehold.core.evidence.Collateral;
import dev.leasehold.core.evidence.Verdict;
import dev.leasehold.core.evidence.Verifier;
import dev.leasehold.core.pki.Certificates;
import dev.leasehold.core.pki.PinnedAnchors;
import dev.leasehold.core.testing.FlatJson;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * The genuine SEV-SNP reports of {@code leasehold.shared}/vectors/snp and what is known of them.
 */
public final class SnpVectors {
  private static final Path FOLDER =
      Path.of(System.getProperty("leasehold.shared", "absent"), "vectors", "snp");

  private SnpVectors() {}

  /** One case of expected.json. */
  public record Case(
      String id,
      Bytes reportBytes,
      List<X509Certificate> endorsement,
      List<X509Certificate> issuers,
      Instant inside,
      boolean genuine,
      boolean acceptedByStrict,
      Map<String, String> fields,
      Map<String, String> extensions) {

    byte[] report() {
      return reportBytes.toArray();
    }

    public Verdict verify(byte[] quote, List<X509Certificate> leaf) throws Malformed {
      return verify(quote, leaf, issuers);
    }

    Verdict verify(byte[] quote, List<X509Certificate> leaf, List<X509Certificate> above)
        throws Malformed {
      return Verifier.verify(
          new SnpEvidence(SnpReport.parse(quote), leaf),
          Collateral.ofCertificates(above),
          PinnedAnchors.ANCHORS,
          inside);
    }

    public Verdict verify() throws Malformed {
      return verify(report(), endorsement);
    }

    @Override
    public String toString() {
      return id;
    }
  }

  public static List<Case> all() {
    assumeThat(FOLDER).as("vectors are not here: set leasehold.shared").isDirectory();
    List<Case> out = new ArrayList<>();
    try {
      for (Map<String, String> flat : FlatJson.read(FOLDER.resolve("expected.json"))) {
        out.add(toCase(flat));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out;
  }

  public static Case byId(String id) {
    return all().stream().filter(c -> c.id().equals(id)).findFirst().orElseThrow();
  }

  private static Case toCase(Map<String, String> flat) throws IOException {
    Instant from = OffsetDateTime.parse(get(flat, "cert_validity/0")).toInstant();
    return new Case(
        get(flat, "id"),
        Bytes.of(Files.readAllBytes(FOLDER.resolve(get(flat, "report")))),
        certificates(get(flat, "endorsement")),
        certificates(get(flat, "ca")),
        from.plusSeconds(86_400),
        Boolean.parseBoolean(get(flat, "genuine")),
        Boolean.parseBoolean(get(flat, "acceptedByStrict")),
        FlatJson.under(flat, "fields/"),
        FlatJson.under(flat, "cert_ext/"));
  }

  private static List<X509Certificate> certificates(String file) throws IOException {
    try {
      return Certificates.parseAny(file, Files.readAllBytes(FOLDER.resolve(file)));
    } catch (Malformed e) {
      throw new IOException(e);
    }
  }

  private static String get(Map<String, String> flat, String key) {
    return Objects.requireNonNull(flat.get(key), key);
  }
}
