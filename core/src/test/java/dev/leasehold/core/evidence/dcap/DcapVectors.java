package dev.leasehold.core.evidence.dcap;

import dev.leasehold.core.bytes.Bytes;
import dev.leasehold.core.bytes.Malformed;
import dev.leasehold.core.evidence.Collateral;
import dev.leasehold.core.evidence.Verdict;
import dev.leasehold.core.evidence.Verifier;
import dev.leasehold.core.pki.PinnedAnchors;
import dev.leasehold.core.testing.FlatJson;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/** The quotes of {@code leasehold.shared}/vectors/sgx and tdx and what is known of them. */
public final class DcapVectors {
  /** Where fields of both bodies begin. */
  private static final Map<String, Integer> OFFSETS =
      Map.of(
          "RESERVED", 20,
          "ATTRIBUTES", 48,
          "CONFIGID", 192,
          "TDATTRIBUTES", 120,
          "MRCONFIGID", 184,
          "RTMR0", 328,
          "RTMR2", 424,
          "MRSERVICETD", 600);

  private static List<Case> cases = List.of();

  private DcapVectors() {}

  /** One case of an expected.json. */
  public record Case(
      String id, Bytes quoteBytes, Collateral collateral, Map<String, String> expected) {
    public byte[] quote() {
      return quoteBytes.toArray();
    }

    public boolean genuine() {
      return flag("genuine");
    }

    public boolean acceptedByStrict() {
      return flag("acceptedByStrict");
    }

    /** Some instant within the window; where there is none, when the collateral holds. */
    public Instant inside() {
      return find("window/not_after")
          .map(end -> Instant.parse(end).minusSeconds(3600))
          .orElse(Instant.parse("2022-06-01T00:00:00Z"));
    }

    public Verdict verify(byte[] quote, Collateral held, Instant now) throws Malformed {
      return Verifier.verify(
          DcapEvidence.parse(quote, List.of()), held, PinnedAnchors.ANCHORS, now);
    }

    public Verdict verify() throws Malformed {
      return verify(quote(), collateral, inside());
    }

    public DcapClaims claims() throws Malformed {
      if (verify() instanceof Verdict.Genuine(DcapClaims claims, _)) {
        return claims;
      }
      throw new AssertionError(verify());
    }

    /** Claims of this platform as if its hardware had signed one other byte. */
    public DcapClaims claimsWith(String field, int index, int value) throws Malformed {
      byte[] bytes = quote();
      int body = bytes[0] == 5 ? 54 : 48;
      bytes[body + Objects.requireNonNull(OFFSETS.get(field), field) + index] = (byte) value;
      Quote changed = Quote.parse(bytes);
      DcapClaims claims = claims();
      Findings findings =
          new Findings(
              claims.pck(),
              claims.tcbResult(),
              collateral.tcbInfos().getFirst(),
              collateral.qeIdentities().getFirst(),
              claims.revocations(),
              claims.windows(),
              Optional.empty());
      return switch (changed.body()) {
        case SgxReport r -> new SgxClaims(changed, r, findings);
        case TdReport r -> new TdxClaims(changed, r, findings);
      };
    }

    /** The value under a path like {@code pck/comps/0}; absent also for null. */
    Optional<String> find(String path) {
      return Optional.ofNullable(expected.get(path)).filter(v -> !v.equals("null"));
    }

    String get(String path) {
      return find(path).orElseThrow(() -> new AssertionError(id + ": " + path));
    }

    private boolean flag(String name) {
      return Boolean.parseBoolean(get(name));
    }

    @Override
    public String toString() {
      return id;
    }
  }

  /** Read once: what a case holds is immutable. */
  public static synchronized List<Case> all() {
    if (cases.isEmpty()) {
      cases = Stream.of("sgx", "tdx").flatMap(kind -> of(kind).stream()).toList();
    }
    return cases;
  }

  public static List<Case> genuine() {
    return all().stream().filter(Case::genuine).toList();
  }

  public static List<Case> accepted() {
    return all().stream().filter(Case::acceptedByStrict).toList();
  }

  public static Case byId(String id) {
    return all().stream().filter(c -> c.id().equals(id)).findFirst().orElseThrow();
  }

  private static List<Case> of(String kind) {
    List<Case> out = new ArrayList<>();
    for (Map<String, String> expected :
        FlatJson.read(IntelCollateral.file(kind + "/expected.json"))) {
      try {
        out.add(toCase(kind, expected));
      } catch (Malformed e) {
        throw new AssertionError(e);
      }
    }
    return out;
  }

  private static Case toCase(String kind, Map<String, String> expected) throws Malformed {
    Case bare = new Case("", Bytes.EMPTY, Collateral.NONE, expected);
    byte[] file = IntelCollateral.bytes(kind + "/" + bare.get("quote"));
    int offset = Integer.parseInt(bare.get("quote_offset"));
    Optional<String> collateral = bare.find("collateral");
    return new Case(
        bare.get("id"),
        Bytes.of(Arrays.copyOfRange(file, offset, file.length)),
        collateral.isPresent()
            ? IntelCollateral.read(kind + "/" + collateral.get())
            : Collateral.NONE,
        expected);
  }
}
