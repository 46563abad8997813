package dev.leasehold.core.pki;

import dev.leasehold.core.bytes.Bytes;
import dev.leasehold.core.bytes.HexBytes;
import dev.leasehold.core.bytes.Malformed;
import dev.leasehold.core.pki.OcspAnswer.Contents;
import dev.leasehold.core.pki.OcspAnswer.ResponderId;
import dev.leasehold.core.pki.OcspAnswer.SingleResponse;
import java.security.cert.CRLReason;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads an OCSPResponse front to back, in the order of RFC 6960 §4.2.1. */
final class OcspReader {
  private static final String BASIC = "1.3.6.1.5.5.7.48.1.1";
  private static final int SUCCESSFUL = 0;

  /** IMPLICIT NULL under {@code [0]} and {@code [2]}. */
  private static final int GOOD = 0x80;

  private static final int UNKNOWN = 0x82;
  private static final int UNUSED_REASON = 7;

  /** Genuine answers carry one certificate; more are a path that nobody here builds. */
  private static final int MAX_CERTIFICATES = 8;

  private final String field;

  private OcspReader(String field) {
    this.field = field;
  }

  static Contents read(String field, byte[] der) throws Malformed {
    DerReader in = new DerReader(field, der);
    DerReader response = in.sequence("OCSPResponse");
    in.end();
    int status = response.enumerated("responseStatus");
    if (status != SUCCESSFUL) {
      throw new Malformed(field + ".responseStatus", "successful (0)", Integer.toString(status));
    }
    DerReader explicit = response.constructed("responseBytes", DerReader.context(0));
    response.end();
    DerReader responseBytes = explicit.sequence("ResponseBytes");
    explicit.end();
    String type = responseBytes.oid("responseType");
    if (!type.equals(BASIC)) {
      throw new Malformed(field + ".responseType", "id-pkix-ocsp-basic " + BASIC, type);
    }
    byte[] basic = responseBytes.octetString("response");
    responseBytes.end();
    return new OcspReader(field).basic(basic);
  }

  private Contents basic(byte[] der) throws Malformed {
    DerReader in = new DerReader(field, der);
    DerReader basic = in.sequence("BasicOCSPResponse");
    in.end();
    byte[] tbs = basic.any("tbsResponseData");
    DerReader algorithm = basic.sequence("signatureAlgorithm");
    String oid = algorithm.oid("algorithm");
    Optional<Bytes> parameters =
        algorithm.hasMore() ? Optional.of(Bytes.of(algorithm.any("parameters"))) : Optional.empty();
    algorithm.end();
    byte[] signature = basic.bitString("signature");
    List<X509Certificate> certificates = certificates(basic);
    basic.end();
    return data(tbs, oid, parameters, signature, certificates);
  }

  private Contents data(
      byte[] tbs,
      String algorithm,
      Optional<Bytes> parameters,
      byte[] signature,
      List<X509Certificate> certificates)
      throws Malformed {
    DerReader data = new DerReader(field, tbs).sequence("tbsResponseData");
    ResponderId responder = responder(data);
    data.generalizedTime("producedAt");
    List<SingleResponse> responses = new ArrayList<>();
    for (DerReader list = data.sequence("responses"); list.hasMore(); ) {
      responses.add(single(list.sequence("SingleResponse")));
    }
    Optional<Bytes> nonce = nonce(data);
    data.end();
    return new Contents(
        responder,
        List.copyOf(responses),
        nonce,
        Bytes.of(tbs),
        algorithm,
        parameters,
        Bytes.of(signature),
        certificates);
  }

  /** Version 1 is the default, which DER leaves out. */
  private static ResponderId responder(DerReader data) throws Malformed {
    boolean byName = data.at(DerReader.context(1));
    DerReader id = data.constructed("responderID", DerReader.context(byName ? 1 : 2));
    ResponderId out =
        byName
            ? new ResponderId.ByName(HexBytes.of(id.any("byName")))
            : new ResponderId.ByKey(HexBytes.of(id.octetString("byKey")));
    id.end();
    return out;
  }

  private SingleResponse single(DerReader in) throws Malformed {
    CertId certId = CertId.read(in.sequence("certID"));
    CertStatus status = status(in);
    Instant thisUpdate = in.generalizedTime("thisUpdate");
    if (!in.at(DerReader.context(0))) {
      throw new Malformed(field + ".nextUpdate", "a nextUpdate time", "none");
    }
    DerReader next = in.constructed("nextUpdate", DerReader.context(0));
    Instant nextUpdate = next.generalizedTime("time");
    next.end();
    nonce(in);
    in.end();
    return new SingleResponse(certId, status, thisUpdate, nextUpdate);
  }

  private CertStatus status(DerReader in) throws Malformed {
    if (in.at(GOOD)) {
      in.nothing("good", GOOD);
      return new CertStatus.Good();
    }
    if (in.at(UNKNOWN)) {
      in.nothing("unknown", UNKNOWN);
      return new CertStatus.Unknown();
    }
    DerReader revoked = in.constructed("revoked", DerReader.context(1));
    Instant time = revoked.generalizedTime("revocationTime");
    Optional<CRLReason> reason = Optional.empty();
    if (revoked.hasMore()) {
      DerReader explicit = revoked.constructed("revocationReason", DerReader.context(0));
      reason = Optional.of(reason(explicit.enumerated("reason")));
      explicit.end();
    }
    revoked.end();
    return new CertStatus.Revoked(time, reason);
  }

  /** RFC 5280 §5.3.1; the JDK's constants stand in the order of their numbers. */
  private CRLReason reason(int code) throws Malformed {
    CRLReason[] known = CRLReason.values();
    if (code >= known.length || code == UNUSED_REASON) {
      throw new Malformed(field + ".revocationReason", "a CRLReason", Integer.toString(code));
    }
    return known[code];
  }

  /** No other extension matters here, so a critical one is one that is not understood. */
  private Optional<Bytes> nonce(DerReader in) throws Malformed {
    Optional<Bytes> nonce = Optional.empty();
    if (!in.hasMore()) {
      return nonce;
    }
    DerReader explicit = in.constructed("extensions", DerReader.context(1));
    DerReader list = explicit.sequence("Extensions");
    explicit.end();
    while (list.hasMore()) {
      DerReader extension = list.sequence("Extension");
      String oid = extension.oid("extnID");
      boolean isNonce = oid.equals(OcspRequest.NONCE);
      if (extension.at(DerReader.BOOLEAN)) {
        extension.bool("critical");
        if (!isNonce) {
          throw new Malformed(field + ".extensions", "no critical extension", oid);
        }
      }
      byte[] value = extension.octetString("extnValue");
      extension.end();
      if (isNonce) {
        DerReader octets = new DerReader(field, value);
        nonce = Optional.of(Bytes.of(octets.octetString("nonce")));
        octets.end();
      }
    }
    return nonce;
  }

  private List<X509Certificate> certificates(DerReader basic) throws Malformed {
    List<byte[]> ders = new ArrayList<>();
    if (basic.hasMore()) {
      DerReader explicit = basic.constructed("certs", DerReader.context(0));
      DerReader list = explicit.sequence("certs");
      explicit.end();
      while (list.hasMore() && ders.size() <= MAX_CERTIFICATES) {
        ders.add(list.any("Certificate"));
      }
    }
    if (ders.size() > MAX_CERTIFICATES) {
      throw new Malformed(field + ".certs", "at most " + MAX_CERTIFICATES, "more");
    }
    return Certificates.parseAll(field + ".certs", ders);
  }
}
