package dev.leasehold.custodian.collateral;

import java.net.URI;
import java.util.Optional;

/**
 * An HTTP request to a vendor.
 *
 * @param chainHeader the response header that carries the issuers' certificates
 */
record Question(Source source, URI uri, Optional<String> chainHeader) {

  static Question get(Source source, URI uri) {
    return new Question(source, uri, Optional.empty());
  }

  Question withChainIn(String header) {
    return new Question(source, uri, Optional.of(header));
  }
}
