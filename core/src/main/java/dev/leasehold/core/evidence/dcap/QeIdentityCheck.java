package dev.leasehold.core.evidence.dcap;

import dev.leasehold.core.evidence.Check;

/**
 * Whether the enclave that made a quote is the Quoting Enclave that Intel vouches for: any enclave
 * can have its report signed by the platform's PCK (GHSA-796p-j2gh-9m2q was not to look).
 */
final class QeIdentityCheck {
  private QeIdentityCheck() {}

  static Check of(SgxReport qe, QeIdentity identity) {
    return Check.of(
        matches(qe, identity),
        "qe-identity",
        "MRSIGNER "
            + identity.mrSigner()
            + ", ISVPRODID "
            + identity.isvProdId()
            + ", ATTRIBUTES "
            + identity.attributes()
            + ", MISCSELECT "
            + identity.miscSelect()
            + " under their masks",
        "MRSIGNER "
            + qe.mrSigner()
            + ", ISVPRODID "
            + qe.isvProdId()
            + ", ATTRIBUTES "
            + qe.attributes()
            + ", MISCSELECT "
            + qe.miscSelect(),
        Source.VERIFY_QUOTE,
        "let Intel's own Quoting Enclave make the quote");
  }

  private static boolean matches(SgxReport qe, QeIdentity identity) {
    return qe.mrSigner().equals(identity.mrSigner())
        && qe.isvProdId() == identity.isvProdId()
        && Masked.equal(qe.attributes().raw(), identity.attributesMask(), identity.attributes())
        && Masked.equal(qe.miscSelect(), identity.miscSelectMask(), identity.miscSelect());
  }
}
