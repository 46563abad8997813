package dev.leasehold.core.offender;

import java.io.IOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.List;

/** Breaks every rule about core, each in a method of its own, to see the rule notice. */
final class CoreOffender {
  private CoreOffender() {}

  static String readsFile(String path) throws IOException {
    return Files.readString(Path.of(path));
  }

  static boolean opensConnection(Socket socket) {
    return socket.isConnected();
  }

  static Instant readsClock() {
    return Instant.now();
  }

  static SecureRandom makesRandomness() {
    return new SecureRandom();
  }

  static long startsThreads(List<String> work) {
    return work.parallelStream().count();
  }
}
