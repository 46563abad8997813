package dev.leasehold.core.evidence.dcap;

/** Which verification of Intel's library, and which step of the protocol, demands a check. */
final class Source {
  static final String VERIFY_PCK_CERTIFICATE =
      "Intel QVL VerifyPCKCertificate; protocol §6.2 step 2";
  static final String VERIFY_PCK_REVOCATION_LIST =
      "Intel QVL VerifyPCKRevocationList; protocol §6.2 step 2";
  static final String VERIFY_TCB_INFO = "Intel QVL VerifyTCBInfo; protocol §6.2 step 2";
  static final String VERIFY_ENCLAVE_IDENTITY =
      "Intel QVL VerifyEnclaveIdentity; protocol §6.2 step 2";
  static final String VERIFY_QUOTE = "Intel QVL VerifyQuote; protocol §6.2 step 3";

  private Source() {}
}
