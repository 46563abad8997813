package dev.leasehold.core.evidence.dcap;

import dev.leasehold.core.bytes.HexBytes;
import dev.leasehold.core.evidence.Check;
import java.util.Optional;

/**
 * Whether the TDX module under a trust domain is one that Intel signed. Its major version,
 * TEE_TCB_SVN[1], says where TCB info describes it.
 */
final class TdxModuleCheck {
  private TdxModuleCheck() {}

  static Check of(TdReport td, TcbInfo info) {
    int major = Byte.toUnsignedInt(td.teeTcbSvn().bytes()[1]);
    String got = "MRSIGNERSEAM " + td.mrSignerSeam() + ", SEAMATTRIBUTES " + td.seamAttributes();
    Optional<TdxModule> module =
        major == 0 ? info.module() : info.moduleIdentity(major).map(TdxModuleIdentity::module);
    if (module.isEmpty()) {
      return check(false, "a module that TCB info names", "major version " + major + ", " + got);
    }
    return check(
        matches(td, module.get()),
        "MRSIGNERSEAM " + module.get().mrSigner() + ", SEAMATTRIBUTES all zero",
        got);
  }

  /** No attribute of a module is defined so far, so that none may be set whatever is signed. */
  private static boolean matches(TdReport td, TdxModule module) {
    HexBytes none = HexBytes.of(new byte[td.seamAttributes().bytes().length]);
    return td.mrSignerSeam().equals(module.mrSigner())
        && td.seamAttributes().equals(none)
        && Masked.equal(td.seamAttributes(), module.attributesMask(), module.attributes());
  }

  private static Check check(boolean ok, String expected, String got) {
    return Check.of(
        ok,
        "tdx-module",
        expected,
        got,
        Source.VERIFY_QUOTE,
        "run the trust domain under a TDX module release of Intel's");
  }
}
