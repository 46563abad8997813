package dev.leasehold.core.evidence.nvidia;

import dev.leasehold.core.bytes.HexBytes;
import dev.leasehold.core.bytes.Malformed;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What a reference integrity manifest says (ISO 19770-2 SWID tag with the TCG's RIM extensions).
 *
 * @param tagId the manifest's own identifier
 * @param manufacturer in words and by its IANA number, of platform and of firmware
 * @param product the chip: {@code GH100}
 * @param version the driver's or VBIOS's, which alone tells the two apart
 */
record ReferenceValues(
    String tagId,
    Manufacturer manufacturer,
    String product,
    String version,
    Map<Integer, ReferenceMeasurement> measurements) {
  private static final String SWID = "http://standards.iso.org/iso/19770/-2/2015/schema.xsd";
  private static final String TCG =
      "https://trustedcomputinggroup.org/resource/tcg-reference-integrity-manifest-rim-information-model/";

  ReferenceValues {
    measurements = Collections.unmodifiableMap(new TreeMap<>(measurements));
  }

  record Manufacturer(String entity, String platformId, String firmwareId) {
    static final Manufacturer NVIDIA = new Manufacturer("NVIDIA Corporation", "5703", "5703");
  }

  /** Values and signature as they stand in one document. */
  record Signed(ReferenceValues values, RimSignature signature) {}

  static Signed read(String field, byte[] bytes) throws Malformed {
    XmlReader root = XmlReader.root(field, StrictXml.root(field, bytes), SWID, "SoftwareIdentity");
    String tagId = root.attribute("tagId");
    XmlReader entity = root.child(SWID, "Entity");
    String entityName = entity.attribute("name");
    entity.endIgnoringAttributes();
    XmlReader meta = root.child(SWID, "Meta");
    var manufacturer =
        new Manufacturer(
            entityName,
            meta.attribute(TCG, "PlatformManufacturerId"),
            meta.attribute(TCG, "FirmwareManufacturerId"));
    String product = meta.attribute("product");
    String version = meta.attribute("colloquialVersion");
    meta.endIgnoringAttributes();
    Map<Integer, ReferenceMeasurement> measurements = payload(root.child(SWID, "Payload"));
    RimSignature signature = RimSignature.read(root.child(RimSignature.NAMESPACE, "Signature"));
    root.endIgnoringAttributes();
    return new Signed(
        new ReferenceValues(tagId, manufacturer, product, version, measurements), signature);
  }

  private static Map<Integer, ReferenceMeasurement> payload(XmlReader payload) throws Malformed {
    Map<Integer, ReferenceMeasurement> out = new TreeMap<>();
    do {
      ReferenceMeasurement m = ReferenceMeasurement.read(payload.child(SWID, "Resource"));
      if (out.put(m.index(), m) != null) {
        throw new Malformed("Payload", "each index once", m.index() + " twice");
      }
    } while (payload.hasMore());
    payload.end();
    return out;
  }

  /** The indices these values speak of. */
  Set<Integer> active() {
    Set<Integer> out = new TreeSet<>();
    measurements.values().stream()
        .filter(ReferenceMeasurement::active)
        .forEach(m -> out.add(m.index()));
    return out;
  }

  /**
   * The active indices at which {@code measured}, block 1 first, is not as it should be.
   *
   * @param skipped an index at which nothing is measured
   */
  List<Integer> mismatches(List<HexBytes> measured, Set<Integer> skipped) {
    return active().stream()
        .filter(i -> !skipped.contains(i))
        .filter(i -> i >= measured.size() || !alternatives(i).contains(measured.get(i)))
        .toList();
  }

  private List<HexBytes> alternatives(int index) {
    ReferenceMeasurement m = measurements.get(index);
    return m == null ? List.of() : m.alternatives();
  }
}
