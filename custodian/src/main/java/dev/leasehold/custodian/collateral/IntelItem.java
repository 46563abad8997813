package dev.leasehold.custodian.collateral;

import dev.leasehold.core.bytes.HexBytes;
import dev.leasehold.core.bytes.Malformed;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What Intel's Provisioning Certification Service serves (its API version 4). */
sealed interface IntelItem extends Item.Asked {

  /** Which of the two technologies; they share certificates and lists. */
  enum Technology {
    SGX,
    TDX;

    String word() {
      return name().toLowerCase(Locale.ROOT);
    }

    /** The {@code id} of its quoting enclave. */
    String quotingEnclave() {
      return this == SGX ? "QE" : "TD_QE";
    }
  }

  /** Who certifies a platform's key. */
  enum Authority {
    PLATFORM,
    PROCESSOR;

    String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  @Override
  default boolean isRevised() {
    return true;
  }

  /** Intel's judgement of one family of platforms. */
  record TcbInfos(Technology technology, HexBytes fmspc, IntelUpdate update) implements IntelItem {
    private static final int FMSPC_DIGITS = 12;

    public TcbInfos {
      if (fmspc.hex().length() != FMSPC_DIGITS) {
        throw new IllegalArgumentException("fmspc: expected 6 bytes, found " + fmspc);
      }
    }

    @Override
    public String id() {
      return "intel/" + technology.word() + "/tcb/" + fmspc + "/" + update;
    }

    @Override
    public Source source() {
      return Source.INTEL_PCS;
    }

    @Override
    public Optional<Item> issuer() {
      return Optional.of(new RootRevocations());
    }
  }

  /** Which quoting enclaves are Intel's. */
  record QuotingEnclave(Technology technology, IntelUpdate update) implements IntelItem {
    @Override
    public String id() {
      return "intel/" + technology.word() + "/qe/" + update;
    }

    @Override
    public Source source() {
      return Source.INTEL_PCS;
    }

    @Override
    public Optional<Item> issuer() {
      return Optional.of(new RootRevocations());
    }
  }

  /** The revocation list of an authority for platforms' keys; its certificates come with it. */
  record PckRevocations(Authority authority) implements IntelItem {
    @Override
    public String id() {
      return "intel/pck-crl/" + authority.word();
    }

    @Override
    public Source source() {
      return Source.INTEL_PCS;
    }

    @Override
    public Optional<Item> issuer() {
      return Optional.empty();
    }
  }

  /** The root's revocation list; served bare, so the root comes from elsewhere. */
  record RootRevocations() implements IntelItem {
    @Override
    public String id() {
      return "intel/root-crl";
    }

    @Override
    public Source source() {
      return Source.INTEL_ROOT_CRL;
    }

    @Override
    public Optional<Item> issuer() {
      return Optional.of(new PckRevocations(Authority.PLATFORM));
    }
  }

  static IntelItem parse(String id, List<String> words) throws Malformed {
    try {
      return switch (words.get(1)) {
        case "root-crl" -> new RootRevocations();
        case "pck-crl" ->
            new PckRevocations(Authority.valueOf(words.get(2).toUpperCase(Locale.ROOT)));
        default -> statement(id, words);
      };
    } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
      throw Item.unknown(id);
    }
  }

  private static IntelItem statement(String id, List<String> words) throws Malformed {
    Technology technology =
        Arrays.stream(Technology.values())
            .filter(t -> t.word().equals(words.get(1)))
            .findFirst()
            .orElseThrow(() -> Item.unknown(id));
    return switch (words.get(2)) {
      case "tcb" ->
          new TcbInfos(technology, new HexBytes(words.get(3)), new IntelUpdate(words.get(4)));
      case "qe" -> new QuotingEnclave(technology, new IntelUpdate(words.get(3)));
      default -> throw Item.unknown(id);
    };
  }
}
