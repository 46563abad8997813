package dev.leasehold.core.evidence.nvidia;

import dev.leasehold.core.bytes.Hex;
import dev.leasehold.core.bytes.HexBytes;
import dev.leasehold.core.bytes.Malformed;
import java.util.ArrayList;
import java.util.List;

/**
 * One measurement as it should be.
 *
 * @param index the SPDM block with this number plus one
 * @param active whether these reference values speak of it at all
 * @param alternatives the values it may have, all of the length demanded
 */
record ReferenceMeasurement(int index, boolean active, List<HexBytes> alternatives) {
  private static final String HASHES = "http://www.w3.org/2001/04/xmlenc#sha384";
  private static final int MAX_INDEX = 254;
  private static final int MAX_ALTERNATIVES = 64;
  private static final int MAX_SIZE = 64;

  ReferenceMeasurement {
    alternatives = List.copyOf(alternatives);
  }

  static ReferenceMeasurement read(XmlReader resource) throws Malformed {
    String type = resource.attribute("type");
    if (!type.equals("Measurement")) {
      throw new Malformed("Resource.type", "Measurement", type);
    }
    int index = resource.number("index", 0, MAX_INDEX);
    boolean active = active(resource.attribute("active"));
    int count = resource.number("alternatives", 1, MAX_ALTERNATIVES);
    int size = resource.number("size", 1, MAX_SIZE);
    resource.attribute("name");
    List<HexBytes> alternatives = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      alternatives.add(hash(resource.attribute(HASHES, "Hash" + i), size));
    }
    resource.end();
    return new ReferenceMeasurement(index, active, alternatives);
  }

  private static boolean active(String word) throws Malformed {
    return switch (word) {
      case "True" -> true;
      case "False" -> false;
      default -> throw new Malformed("Resource.active", "True or False", word);
    };
  }

  private static HexBytes hash(String hex, int size) throws Malformed {
    byte[] value = Hex.decode("Resource.Hash", hex);
    if (value.length != size) {
      throw new Malformed("Resource.Hash", size + " bytes", value.length + " bytes");
    }
    return HexBytes.of(value);
  }
}
