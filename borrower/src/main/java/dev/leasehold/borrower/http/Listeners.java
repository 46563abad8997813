package dev.leasehold.borrower.http;

import com.sun.net.httpserver.HttpServer;
import dev.leasehold.borrower.books.Books;
import dev.leasehold.borrower.books.Statement;
import dev.leasehold.borrower.carry.Carrier;
import dev.leasehold.borrower.carry.Commands;
import dev.leasehold.borrower.carry.Enrolment;
import dev.leasehold.borrower.carry.LogWatch;
import dev.leasehold.borrower.carry.Sessions;
import dev.leasehold.borrower.carry.Staples;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** The relay's open ports. */
public final class Listeners implements AutoCloseable {
  /** What the listeners hand requests to. */
  public record Parts(
      Carrier carrier,
      Enrolment enrolment,
      Commands commands,
      Staples staples,
      LogWatch log,
      Sessions sessions,
      Books books,
      Supplier<Statement> statement,
      PackageFolder folder,
      Supplier<Optional<URI>> enclave) {}

  /** Where to listen; port 0 takes a free one. */
  public record Addresses(
      InetSocketAddress inner, InetSocketAddress outer, InetSocketAddress console) {}

  private final List<HttpServer> servers = new ArrayList<>();
  private final OuterApi outer;

  private Listeners(Parts parts, Addresses at) throws IOException {
    this.outer = new OuterApi(parts.enclave, new LogView(parts.books, parts.log));
    try {
      servers.add(
          Http.start(
              at.inner,
              new InnerApi(
                  parts.carrier,
                  parts.enrolment,
                  parts.commands,
                  parts.staples,
                  parts.sessions,
                  parts.folder)));
      servers.add(Http.start(at.outer, outer));
      servers.add(Http.start(at.console, new ConsoleApi(parts.statement)));
    } catch (IOException e) {
      close();
      throw e;
    }
  }

  public static Listeners start(Parts parts, Addresses at) throws IOException {
    return new Listeners(parts, at);
  }

  public InetSocketAddress inner() {
    return servers.get(0).getAddress();
  }

  public InetSocketAddress outer() {
    return servers.get(1).getAddress();
  }

  public InetSocketAddress console() {
    return servers.get(2).getAddress();
  }

  @Override
  public void close() {
    servers.forEach(Http::stop);
    outer.close();
  }
}
