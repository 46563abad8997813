package dev.leasehold.enclave.life;

import dev.leasehold.core.bytes.Malformed;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The launch arguments. They are the borrower's and are not measured: none of them changes what is
 * trusted.
 *
 * @param relay the inner listener of the relay
 * @param listen the enclave's own port, on a loopback address
 * @param config the measured {@code enclave-config.json}
 * @param tsm the configfs-tsm entry to use
 * @param threads threads that compute
 */
public record Options(URI relay, InetSocketAddress listen, Path config, Path tsm, int threads) {
  private static final String TSM = "/sys/kernel/config/tsm/report/leasehold";
  private static final List<String> KNOWN =
      List.of("--relay", "--listen", "--config", "--tsm", "--threads");

  /** Reads {@code --name value} pairs. */
  public static Options parse(List<String> arguments) throws Malformed {
    Map<String, String> values = new HashMap<>();
    for (int i = 0; i < arguments.size(); i += 2) {
      String name = arguments.get(i);
      if (!KNOWN.contains(name) || values.containsKey(name) || i + 1 == arguments.size()) {
        throw new Malformed("arguments", "each of " + KNOWN + " once, with a value", name);
      }
      values.put(name, arguments.get(i + 1));
    }
    return new Options(
        relay(values.getOrDefault("--relay", "")),
        listen(values.getOrDefault("--listen", "127.0.0.1:0")),
        Path.of(values.getOrDefault("--config", "enclave-config.json")),
        Path.of(values.getOrDefault("--tsm", TSM)),
        number("--threads", values.getOrDefault("--threads", "1"), 1, 1_024));
  }

  private static URI relay(String text) throws Malformed {
    try {
      URI uri = new URI(text);
      if ("http".equals(uri.getScheme()) && uri.getHost() != null && uri.getPort() > 0) {
        return uri;
      }
    } catch (URISyntaxException e) {
      throw new Malformed("--relay", "a URI", text);
    }
    throw new Malformed("--relay", "http://HOST:PORT of the relay's inner listener", text);
  }

  private static InetSocketAddress listen(String text) throws Malformed {
    int colon = text.lastIndexOf(':');
    String host = colon < 0 ? "" : text.substring(0, colon);
    if (!List.of("127.0.0.1", "[::1]", "localhost").contains(host)) {
      throw new Malformed("--listen", "127.0.0.1:PORT; 0 takes any port", text);
    }
    return new InetSocketAddress(host, number("--listen", text.substring(colon + 1), 0, 65_535));
  }

  private static int number(String name, String text, int least, int most) throws Malformed {
    int n = text.matches("[0-9]{1,6}") ? Integer.parseInt(text) : -1;
    if (n < least || n > most) {
      throw new Malformed(name, "a number from " + least + " to " + most, text);
    }
    return n;
  }
}
