package dev.leasehold.consumer;

import dev.leasehold.consumer.trust.TrustFile;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.util.Set;

/**
 * How a proxy runs.
 *
 * @param trust what the consumer decided to trust
 * @param relay base URL of a relay's outer listener; it is trusted for nothing, so {@code http} is
 *     as good as {@code https}
 * @param listen where clients reach the proxy: loopback, because it asks for no password; port 0
 *     takes a free one
 * @param receipts folder in which every receipt is kept, and the newest checkpoint of the log that
 *     was believed; made if it is not there
 * @param collateral folder with the vendors' revocation lists ({@code *.crl}, DER) and certificates
 *     that this consumer fetched itself; need not exist when the relay's bundle carries a current
 *     list
 */
public record ProxyConfig(
    TrustFile trust, URI relay, InetSocketAddress listen, Path receipts, Path collateral) {

  public ProxyConfig {
    String scheme = String.valueOf(relay.getScheme());
    if (!Set.of("http", "https").contains(scheme) || relay.getHost() == null) {
      throw new IllegalArgumentException(
          "relay: expected http://host:port of a relay's outer listener, found " + relay);
    }
    if (listen.isUnresolved() || !listen.getAddress().isLoopbackAddress()) {
      throw new IllegalArgumentException("listen: expected a loopback address, found " + listen);
    }
  }
}
