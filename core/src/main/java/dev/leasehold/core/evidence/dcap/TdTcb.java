package dev.leasehold.core.evidence.dcap;

import dev.leasehold.core.bytes.HexBytes;
import java.util.Optional;

/**
 * The TCB that a trust domain reports.
 *
 * @param teeTcbSvn TEE_TCB_SVN, of the module that launched the domain
 * @param teeTcbSvn2 TEE_TCB_SVN_2 of TDX 1.5, of the module that runs now
 */
public record TdTcb(HexBytes teeTcbSvn, Optional<HexBytes> teeTcbSvn2) {
  public TdTcb {
    requireLength(teeTcbSvn);
    teeTcbSvn2.ifPresent(TdTcb::requireLength);
  }

  private static void requireLength(HexBytes svn) {
    if (svn.hex().length() != 2 * TcbLevel.COMPONENTS) {
      throw new IllegalArgumentException("TEE_TCB_SVN has 16 bytes, found " + svn);
    }
  }
}
