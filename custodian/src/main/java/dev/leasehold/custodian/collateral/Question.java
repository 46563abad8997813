package dev.leasehold.custodian.collateral;

import dev.leasehold.core.bytes.Bytes;
import dev.leasehold.core.bytes.Malformed;
import dev.leasehold.core.pki.OcspAnswer;
import dev.leasehold.core.pki.OcspRequest;
import java.net.URI;
import java.util.Optional;

/**
 * An HTTP request to a vendor.
 *
 * @param chainHeader the response header that carries the issuers' certificates
 * @param posted what is asked in the body, of a responder; else the address says it all
 */
record Question(
    Source source, URI uri, Optional<String> chainHeader, Optional<OcspRequest> posted) {

  static Question get(Source source, URI uri) {
    return new Question(source, uri, Optional.empty(), Optional.empty());
  }

  static Question post(Source source, URI uri, OcspRequest request) {
    return new Question(source, uri, Optional.empty(), Optional.of(request));
  }

  Question withChainIn(String header) {
    return new Question(source, uri, Optional.of(header), posted);
  }

  /** An old answer of a responder is as well signed as one to this question. */
  void requireAnsweredBy(Bytes body) throws Malformed, Unproven {
    Optional<Bytes> asked = posted.flatMap(OcspRequest::nonce);
    if (asked.isPresent()) {
      Optional<Bytes> answered = OcspAnswer.parse("OCSP answer", body.toArray()).nonce();
      if (!answered.equals(asked)) {
        throw new Unproven(
            "an answer that repeats nonce " + asked.get(),
            answered.map(n -> "one that repeats " + n).orElse("one without a nonce"));
      }
    }
  }
}
