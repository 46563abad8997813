package dev.leasehold.cli;

import com.sun.net.httpserver.HttpServer;
import dev.leasehold.core.audit.BundleLine;
import dev.leasehold.core.audit.Scope;
import dev.leasehold.testkit.story.StoryTeller;
import dev.leasehold.testkit.story.ToldLog;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** A told story whose log is served over HTTP. The server can go away and come back. */
final class ServedStory implements AutoCloseable {
  final StoryTeller story = new StoryTeller().open();

  /** How often the newest checkpoint was asked for. */
  final AtomicInteger looks = new AtomicInteger();

  private final ToldLog log = new ToldLog(story.parties.logKey);
  private int told;
  private int port;
  private @Nullable HttpServer server;

  /** Serves, at the address of the last time if there was one. */
  void start() throws IOException {
    HttpServer s =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
    s.createContext(
        "/log/",
        x -> {
          byte[] body = fetch(x.getRequestURI().toString().substring("/log/".length()));
          x.sendResponseHeaders(200, body.length);
          x.getResponseBody().write(body);
          x.close();
        });
    s.start();
    port = s.getAddress().getPort();
    server = s;
  }

  private synchronized byte[] fetch(String path) throws IOException {
    if (path.equals("checkpoint")) {
      looks.incrementAndGet();
    }
    return log.fetch(path);
  }

  URI uri() {
    return URI.create("http://127.0.0.1:" + port + "/log");
  }

  /** Logs what was told since the last time. */
  void publish() {
    publishBut(line -> false);
  }

  /** Logs what was told since the last time, but for these. */
  synchronized void publishBut(Predicate<BundleLine> left) {
    List<BundleLine> all = story.lines(Scope.LOG);
    log.publish(all.subList(told, all.size()).stream().filter(left.negate()).toList());
    told = all.size();
  }

  /** Changes the log behind its own back, between two requests. */
  synchronized void tamper(Consumer<ToldLog> change) {
    change.accept(log);
  }

  /** Entries in the log. */
  synchronized int published() {
    return log.entries.size();
  }

  @Override
  public void close() {
    if (server != null) {
      server.stop(0);
    }
  }
}
