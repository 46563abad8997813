package dev.leasehold.custodian.collateral;

import dev.leasehold.core.bytes.HexBytes;
import dev.leasehold.core.bytes.Malformed;
import dev.leasehold.core.evidence.snp.EndorsementKey;
import dev.leasehold.core.evidence.snp.Family;
import dev.leasehold.core.evidence.snp.Tcb;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** What AMD's Key Distribution Service serves (AMD document 57230, chapter 4). */
sealed interface AmdItem extends Item.Asked {
  Family family();

  @Override
  default Source source() {
    return Source.AMD_KDS;
  }

  /** Intermediate and root of one kind of endorsement key: ASK or ASVK, and ARK. */
  record Chain(Family family, EndorsementKey.Kind kind) implements AmdItem {
    @Override
    public String id() {
      return prefix(family) + kind.name().toLowerCase(Locale.ROOT) + "-chain";
    }

    @Override
    public Optional<Item> issuer() {
      return Optional.empty();
    }

    @Override
    public boolean isRevised() {
      return true;
    }
  }

  /** The root's revocation list, one for both kinds of endorsement key. */
  record Revocations(Family family) implements AmdItem {
    @Override
    public String id() {
      return prefix(family) + "crl";
    }

    @Override
    public Optional<Item> issuer() {
      return Optional.of(new Chain(family, EndorsementKey.Kind.VCEK));
    }

    @Override
    public boolean isRevised() {
      return true;
    }
  }

  /**
   * A chip's endorsement certificate at one firmware level.
   *
   * @param hardwareId 64 bytes, on Turin 8
   */
  record Vcek(Family family, HexBytes hardwareId, Tcb tcb) implements AmdItem {
    public Vcek {
      int expected = hardwareIdBytes(family);
      if (hardwareId.hex().length() != 2 * expected) {
        throw new IllegalArgumentException(
            "hardware id: expected " + expected + " bytes, found " + hardwareId);
      }
    }

    @Override
    public String id() {
      return prefix(family)
          + "vcek/"
          + hardwareId
          + "/"
          + levels().mapToObj(Integer::toString).collect(Collectors.joining("."));
    }

    @Override
    public Optional<Item> issuer() {
      return Optional.of(new Chain(family, EndorsementKey.Kind.VCEK));
    }

    @Override
    public boolean isRevised() {
      return false;
    }

    /** What the service wants to know of the firmware; only Turin has a level of its FMC. */
    String query() {
      String common =
          "blSPL=%d&teeSPL=%d&snpSPL=%d&ucodeSPL=%d"
              .formatted(tcb.bootloader(), tcb.tee(), tcb.snp(), tcb.microcode());
      return family == Family.TURIN ? "fmcSPL=" + tcb.fmc() + "&" + common : common;
    }

    private IntStream levels() {
      return IntStream.of(tcb.fmc(), tcb.bootloader(), tcb.tee(), tcb.snp(), tcb.microcode());
    }
  }

  /** Bytes of the hardware id that the service knows a chip by. */
  static int hardwareIdBytes(Family family) {
    return family == Family.TURIN ? 8 : 64;
  }

  static AmdItem parse(String id, List<String> words) throws Malformed {
    Family family =
        Arrays.stream(Family.values())
            .filter(f -> words.size() > 2 && f.wireName().equals(words.get(1)))
            .findFirst()
            .orElseThrow(() -> Item.unknown(id));
    return switch (words.get(2)) {
      case "vcek-chain" -> new Chain(family, EndorsementKey.Kind.VCEK);
      case "vlek-chain" -> new Chain(family, EndorsementKey.Kind.VLEK);
      case "crl" -> new Revocations(family);
      case "vcek" -> vcek(id, family, words);
      default -> throw Item.unknown(id);
    };
  }

  private static Vcek vcek(String id, Family family, List<String> words) throws Malformed {
    try {
      int[] levels =
          Arrays.stream(words.get(4).split("\\.", -1)).mapToInt(Integer::parseInt).toArray();
      return new Vcek(
          family,
          new HexBytes(words.get(3)),
          new Tcb(levels[0], levels[1], levels[2], levels[3], levels[4]));
    } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
      throw Item.unknown(id);
    }
  }

  private static String prefix(Family family) {
    return "amd/" + family.wireName() + "/";
  }
}
