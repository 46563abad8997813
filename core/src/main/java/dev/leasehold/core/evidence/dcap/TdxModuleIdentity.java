package dev.leasehold.core.evidence.dcap;

import dev.leasehold.core.bytes.Hex;
import dev.leasehold.core.bytes.HexBytes;
import dev.leasehold.core.bytes.Malformed;
import java.util.List;
import java.util.Locale;

/**
 * A major version of the TDX module: TEE_TCB_SVN[1] says which, TEE_TCB_SVN[0] is its ISVSVN.
 *
 * @param id {@code TDX_} and the major version in two hex digits
 * @param levels newest first
 */
public record TdxModuleIdentity(String id, TdxModule module, List<IsvSvnLevel> levels) {
  private static final String PREFIX = "TDX_";

  public TdxModuleIdentity {
    levels = List.copyOf(levels);
  }

  static TdxModuleIdentity parse(IntelObject o) throws Malformed {
    String id = o.text("id");
    if (!id.matches(PREFIX + "[0-9A-Fa-f]{2}")) {
      throw new Malformed(o.at("id"), PREFIX + " and two hex digits", id);
    }
    return new TdxModuleIdentity(
        id.toUpperCase(Locale.ROOT), TdxModule.parse(o), IsvSvnLevel.parseAll(o, 0xff));
  }

  /** The id of a module whose TEE_TCB_SVN[1] is this. */
  public static String idOf(int majorVersion) {
    return PREFIX + Hex.encode(new byte[] {(byte) majorVersion}).toUpperCase(Locale.ROOT);
  }

  public HexBytes mrSigner() {
    return module.mrSigner();
  }

  public HexBytes attributes() {
    return module.attributes();
  }
}
