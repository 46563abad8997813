package dev.leasehold.custodian.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leasehold.core.dsse.Ed25519Signer;
import dev.leasehold.core.pki.PinnedAnchors;
import dev.leasehold.custodian.Custodian;
import dev.leasehold.custodian.CustodianConfig;
import dev.leasehold.custodian.Instruments;
import dev.leasehold.custodian.Office;
import io.helidon.webserver.http.HttpRouting;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The paths a custodian answers are those of the table, and no others. */
class RouteTest {
  @TempDir Path folder;

  @Test
  void everyPathIsInTheTable() throws Exception {
    Path custodian = folder.resolve("custodian");
    SecureRandom random = new SecureRandom();
    Custodian.init(
        custodian,
        List.of(Ed25519Signer.generate(random).key()),
        1,
        "custodian.example/log",
        List.of("localhost"));
    SortedSet<String> found = new TreeSet<>();
    try (Office office =
            Office.open(
                CustodianConfig.of(custodian, "127.0.0.1", 0),
                PinnedAnchors.ANCHORS,
                Instruments.of(Clock.systemUTC()));
        Deadline deadline = new Deadline(Duration.ofMinutes(1))) {
      Server.addRoutes(
          recording(found), deadline, office.keys(), office.store(), office.services());
    }
    assertThat(found)
        .containsExactlyElementsOf(
            new TreeSet<>(
                Arrays.stream(Route.values()).map(r -> r.method() + " " + r.path()).toList()));
  }

  private static HttpRouting.Builder recording(Set<String> found) {
    return (HttpRouting.Builder)
        Proxy.newProxyInstance(
            RouteTest.class.getClassLoader(),
            new Class<?>[] {HttpRouting.Builder.class},
            (proxy, method, args) -> {
              found.add(method.getName().toUpperCase(Locale.ROOT) + " " + args[0]);
              return proxy;
            });
  }
}
