package dev.leasehold.custodian.collateral;

import dev.leasehold.core.bytes.Malformed;
import java.util.List;
import java.util.Optional;

/**
 * One thing that a vendor signs and serves. Its {@link #id} names it in the cache, in bundles and
 * in metrics, and says nothing of the host that serves it: a bundle made from Intel's service fits
 * a custodian that asks a local one.
 */
public sealed interface Item permits AmdItem, IntelItem {

  /** Words of letters, digits, dot and hyphen, separated by slashes. */
  String id();

  Source source();

  /** What must be proven first, since its certificates have signed this. */
  Optional<Item> issuer();

  /** False when the vendor never serves anything else under this name until it expires. */
  boolean isRevised();

  /** Reads an {@link #id}; an item has one spelling only. */
  static Item parse(String id) throws Malformed {
    List<String> words = List.of(id.split("/", -1));
    Item item =
        switch (words.getFirst()) {
          case "amd" -> AmdItem.parse(id, words);
          case "intel" -> IntelItem.parse(id, words);
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
