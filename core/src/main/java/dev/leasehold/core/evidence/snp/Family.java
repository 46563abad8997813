package dev.leasehold.core.evidence.snp;

import dev.leasehold.core.pki.AnchorRole;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A processor generation: which root vouches for it and how it writes its TCB. Bergamo and Siena
 * are Genoa here, for AMD endorses them under Genoa's root.
 */
public enum Family {
  MILAN(AnchorRole.AMD_ARK_MILAN),
  GENOA(AnchorRole.AMD_ARK_GENOA),
  TURIN(AnchorRole.AMD_ARK_TURIN);

  /** The roots of all of them. */
  static final Set<AnchorRole> ROOTS =
      Arrays.stream(values()).map(Family::root).collect(Collectors.toUnmodifiableSet());

  private final AnchorRole root;

  Family(AnchorRole root) {
    this.root = root;
  }

  public AnchorRole root() {
    return root;
  }

  /** The name on the wire (protocol §6.1 {@code families}). */
  public String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }

  static Optional<Family> ofRoot(AnchorRole role) {
    return Arrays.stream(values()).filter(f -> f.root == role).findFirst();
  }

  /** From the combined family and model that a report of version 3 or later carries. */
  public static Optional<Family> ofCpuid(Cpuid cpuid) {
    return switch (cpuid.family()) {
      case 0x19 ->
          switch (cpuid.model() >> 4) {
            case 0x0 -> Optional.of(MILAN);
            case 0x1, 0xa -> Optional.of(GENOA);
            default -> Optional.empty();
          };
      case 0x1a -> (cpuid.model() >> 4) <= 1 ? Optional.of(TURIN) : Optional.empty();
      default -> Optional.empty();
    };
  }

  /** From the product name of an endorsement certificate, such as {@code Milan-B0}. */
  public static Optional<Family> ofProduct(String product) {
    int stepping = product.indexOf('-');
    return switch (stepping < 0 ? product : product.substring(0, stepping)) {
      case "Milan" -> Optional.of(MILAN);
      case "Genoa", "Bergamo", "Siena" -> Optional.of(GENOA);
      case "Turin" -> Optional.of(TURIN);
      default -> Optional.empty();
    };
  }
}
