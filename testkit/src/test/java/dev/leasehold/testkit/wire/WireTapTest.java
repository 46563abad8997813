package dev.leasehold.testkit.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WireTapTest {
  @TempDir private Path folder;

  @Test
  void recordsBothDirectionsAndCuts() throws Exception {
    Path recording = folder.resolve("wire.bin");
    try (ServerSocket echo = new ServerSocket(0, 8, InetAddress.getLoopbackAddress());
        WireTap tap = WireTap.open((InetSocketAddress) echo.getLocalSocketAddress(), recording)) {
      Thread.ofVirtual().start(() -> echo(echo));
      assertThat(ask(tap.port())).isEqualTo("PING");
      assertThat(Files.readString(recording)).contains("ping").contains("PING");
      assertThat(tap.bytes()).isEqualTo(8);
      tap.cut();
      assertThatThrownBy(() -> ask(tap.port())).isInstanceOf(IOException.class);
      tap.mend();
      assertThat(ask(tap.port())).isEqualTo("PING");
    }
  }

  private static void echo(ServerSocket server) {
    while (true) {
      try (Socket s = server.accept()) {
        byte[] word = s.getInputStream().readNBytes(4);
        s.getOutputStream()
            .write(
                new String(word, StandardCharsets.US_ASCII)
                    .toUpperCase(java.util.Locale.ROOT)
                    .getBytes(StandardCharsets.US_ASCII));
      } catch (IOException closed) {
        return;
      }
    }
  }

  private static String ask(int port) throws IOException {
    try (Socket s = new Socket(InetAddress.getLoopbackAddress(), port)) {
      s.setSoTimeout(5_000);
      s.getOutputStream().write("ping".getBytes(StandardCharsets.US_ASCII));
      byte[] answer = s.getInputStream().readNBytes(4);
      if (answer.length < 4) {
        throw new IOException("the wire is cut");
      }
      return new String(answer, StandardCharsets.US_ASCII);
    }
  }
}
