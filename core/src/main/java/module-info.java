/** Bytes, signatures, statements and proofs that all parties of a lease agree on. */
module dev.leasehold.core {
  requires static transitive org.jspecify;
  requires java.xml.crypto;
  requires tools.jackson.core;
  requires org.conscrypt;

  exports dev.leasehold.core.appraise;
  exports dev.leasehold.core.appraise.ear;
  exports dev.leasehold.core.audit;
  exports dev.leasehold.core.bytes;
  exports dev.leasehold.core.dsse;
  exports dev.leasehold.core.evidence;
  exports dev.leasehold.core.evidence.azure;
  exports dev.leasehold.core.evidence.dcap;
  exports dev.leasehold.core.evidence.nvidia;
  exports dev.leasehold.core.evidence.nitro;
  exports dev.leasehold.core.evidence.snp;
  exports dev.leasehold.core.evidence.tpm;
  exports dev.leasehold.core.guard;
  exports dev.leasehold.core.hpke;
  exports dev.leasehold.core.json;
  exports dev.leasehold.core.lease;
  exports dev.leasehold.core.log;
  exports dev.leasehold.core.pki;
  exports dev.leasehold.core.seal;
  exports dev.leasehold.core.stream;
}
