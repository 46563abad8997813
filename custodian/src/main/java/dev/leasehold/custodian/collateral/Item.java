package dev.leasehold.custodian.collateral;

import dev.leasehold.core.bytes.Malformed;
import java.util.List;
import java.util.Optional;

/**
 * One thing that is kept for judging evidence. Its {@link #id} names it in the cache, in bundles
 * and in metrics, and says nothing of the host that serves it: a bundle made from Intel's service
 * fits a custodian that asks a local one.
 */
public sealed interface Item permits Item.Asked, NvidiaItem {

  /** Words of letters, digits, dot, hyphen and underscore, separated by slashes. */
  String id();

  /** What must be proven first, since its certificates have signed this. */
  Optional<Item> issuer();

  /** What a vendor signs and serves; anything else comes with evidence. */
  sealed interface Asked extends Item
      permits AmdItem, IntelItem, NvidiaItem.ReferenceValues, NvidiaItem.Status {

    Source source();

    /** False when the vendor never serves anything else under this name until it expires. */
    boolean isRevised();
  }

  /** Reads an {@link #id}; an item has one spelling only. */
  static Item parse(String id) throws Malformed {
    List<String> words = List.of(id.split("/", -1));
    Item item =
        switch (words.getFirst()) {
          case "amd" -> AmdItem.parse(id, words);
          case "intel" -> IntelItem.parse(id, words);
          case "nvidia" -> NvidiaItem.parse(id, words);
          default -> throw unknown(id);
        };
    if (!item.id().equals(id)) {
      throw unknown(id);
    }
    return item;
  }

  static Malformed unknown(String id) {
    return new Malformed("collateral item", "a name such as amd/genoa/crl", id);
  }
}
