package dev.leasehold.custodian.collateral;

import dev.leasehold.core.bytes.Hash;
import dev.leasehold.core.bytes.Malformed;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** What judging a GPU takes: reference values, and what NVIDIA's responder says of certificates. */
sealed interface NvidiaItem extends Item {

  /** What a driver or a VBIOS measures to, by the name under which the RIM service has it. */
  record ReferenceValues(String rimId) implements NvidiaItem, Item.Asked {
    /** What follows the kind is for the service to know; here it is kept to a file's name. */
    private static final Pattern NAME =
        Pattern.compile("NV_GPU_(DRIVER|VBIOS)_[0-9A-Za-z][0-9A-Za-z._-]{0,119}");

    public ReferenceValues {
      if (!isName(rimId)) {
        throw new IllegalArgumentException("RIM: expected " + NAME + ", found " + rimId);
      }
    }

    static boolean isName(String rimId) {
      return NAME.matcher(rimId).matches();
    }

    @Override
    public String id() {
      return "nvidia/rim/" + rimId;
    }

    @Override
    public Source source() {
      return Source.NVIDIA_RIM;
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

  /** Whether a certificate was revoked, by its SHA-256; good, revoked or unknown is all kept. */
  record Status(Hash certificate) implements NvidiaItem, Item.Asked {
    @Override
    public String id() {
      return "nvidia/ocsp/" + certificate;
    }

    @Override
    public Source source() {
      return Source.NVIDIA_OCSP;
    }

    @Override
    public Optional<Item> issuer() {
      return Optional.of(new Chain(certificate));
    }

    @Override
    public boolean isRevised() {
      return true;
    }
  }

  /**
   * A certificate, by its SHA-256, with those above it up to the root. No service has it: evidence
   * and reference values bring it, and it is kept to ask the responder again and to prove its
   * answer where the evidence is not.
   */
  record Chain(Hash certificate) implements NvidiaItem {
    @Override
    public String id() {
      return "nvidia/chain/" + certificate;
    }

    @Override
    public Optional<Item> issuer() {
      return Optional.empty();
    }
  }

  static NvidiaItem parse(String id, List<String> words) throws Malformed {
    try {
      return switch (words.get(1)) {
        case "rim" -> new ReferenceValues(words.get(2));
        case "ocsp" -> new Status(new Hash(words.get(2)));
        case "chain" -> new Chain(new Hash(words.get(2)));
        default -> throw Item.unknown(id);
      };
    } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
      throw Item.unknown(id);
    }
  }
}
