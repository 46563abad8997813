package dev.leasehold.consumer;

import dev.leasehold.consumer.ask.Asker;
import dev.leasehold.consumer.ask.Receipts;
import dev.leasehold.consumer.http.LocalApi;
import dev.leasehold.consumer.relay.RelayClient;
import dev.leasehold.consumer.trust.CollateralFolder;
import dev.leasehold.consumer.trust.LogCheck;
import dev.leasehold.consumer.trust.SeenCheckpoint;
import dev.leasehold.consumer.trust.TrustChecks;
import dev.leasehold.consumer.trust.TrustKeeper;
import dev.leasehold.core.pki.Anchors;
import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetSocketAddress;
import java.net.URI;
import java.security.SecureRandom;
import java.time.InstantSource;

/**
 * The consumer's proxy (protocol §11): plain client APIs on loopback, and behind them requests that
 * are sealed to an enclave it has verified itself. It starts without a relay; each request says
 * what is wrong.
 */
public final class Proxy implements AutoCloseable {
  private final LocalApi api;
  private final RelayClient relay;

  private Proxy(LocalApi api, RelayClient relay) {
    this.api = api;
    this.relay = relay;
  }

  /**
   * Starts listening.
   *
   * @param anchors the only roots of trust
   */
  public static Proxy start(ProxyConfig config, Anchors anchors) throws IOException {
    return start(config, anchors, InstantSource.system());
  }

  /** The same with a clock of one's choice: the age of staples is judged by it. */
  public static Proxy start(ProxyConfig config, Anchors anchors, InstantSource clock)
      throws IOException {
    Receipts receipts = new Receipts(config.receipts());
    SeenCheckpoint seen = SeenCheckpoint.in(config.receipts());
    RelayClient relay = new RelayClient(config.relay());
    TrustChecks checks =
        new TrustChecks(
            config.trust(),
            anchors,
            new CollateralFolder(config.collateral()),
            new LogCheck(relay::consistency, seen));
    TrustKeeper keeper = new TrustKeeper(relay::wellKnown, checks, clock);
    Asker asker = new Asker(keeper, relay, receipts, clock, new SecureRandom());
    try {
      return new Proxy(LocalApi.start(config.listen(), asker, keeper), relay);
    } catch (IOException e) {
      relay.close();
      throw e;
    }
  }

  /** Base URL for clients; OpenAI's want {@code /v1} after it. */
  public URI uri() {
    InetSocketAddress at = api.address();
    String host =
        at.getAddress() instanceof Inet6Address ? "[::1]" : at.getAddress().getHostAddress();
    return URI.create("http://" + host + ":" + at.getPort());
  }

  /** Stops listening and ends every request under way. */
  @Override
  public void close() {
    api.close();
    relay.close();
  }
}
