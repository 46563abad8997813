package dev.leasehold.custodian;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leasehold.core.lease.Problem;
import dev.leasehold.core.pki.Certificates;
import dev.leasehold.core.pki.PinnedAnchors;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Nothing that can be set makes a production custodian believe a simulated machine. */
@Tag("AR-12")
@Tag("D23")
class AR12SimulatedAnchorsTest {
  private static final List<String> WISHES =
      List.of("anchors", "simulation", "simulate", "insecure", "debug", "roots", "test");

  @TempDir Path folder;

  @AfterEach
  void unset() {
    WISHES.forEach(w -> System.clearProperty("leasehold." + w));
  }

  @Test
  void noFileRowOrPropertyAddsARoot() throws Exception {
    try (World world = new World(folder).lend()) {
      world.stop();
      Path roots = world.folder.resolve("roots");
      world.chip.amd().save(roots);
      byte[] root = Certificates.encoded(world.chip.amd().ark());
      for (String place : List.of("collateral/ark.der", "collateral/anchors.der", "anchors.der")) {
        Files.write(world.folder.resolve(place), root);
      }
      for (String wish : WISHES) {
        System.setProperty("leasehold." + wish, roots.toString());
        world.sql("INSERT INTO meta (k, v) VALUES ('" + wish + "', '" + roots + "')");
      }
      world.start(PinnedAnchors.ANCHORS);
      Enclave e = world.enclave().challenged();
      Problem p = world.problem(e.attest(), e.evidence.hash());
      assertThat(p.name()).isEqualTo("evidence-rejected:chain");
      assertThat(p.action()).isEqualTo(Problem.Action.STOP);
      assertThat(World.outputTokens(world.view(), "reserved")).isZero();
    }
  }
}
