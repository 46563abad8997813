package dev.leasehold.custodian;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.leasehold.core.bytes.Bytes;
import dev.leasehold.core.bytes.Hash;
import dev.leasehold.core.dsse.Envelope;
import dev.leasehold.core.lease.Grant;
import dev.leasehold.core.lease.LogRef;
import dev.leasehold.core.lease.Statements;
import dev.leasehold.core.log.Checkpoint;
import dev.leasehold.core.log.ConsistencyProof;
import dev.leasehold.core.log.InclusionProof;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** The log as everybody reads it, over HTTP (protocol §10). */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LogTest {
  private static final int SYNTHETIC = 600;
  private static final int STEP = Scale.of(1, 9);

  @TempDir static Path folder;
  private World world;
  private LogReader reader;
  private final List<LogReader.Head> seen = new ArrayList<>();
  private final List<Grant> grants = new ArrayList<>();
  private List<byte[]> entries = List.of();

  @BeforeAll
  void grow() throws Exception {
    world = new World(folder);
    reader =
        new LogReader(
            world.http(),
            world.uri().resolve("/log/"),
            world.server.log().origin(),
            world.server.log().key().toArray());
    await()
        .atMost(Duration.ofSeconds(10))
        .until(() -> reader.any("checkpoint").statusCode() == 200);
    world.lend();
    List<Enclave> enclaves = List.of(world.enclave().enrolled(), world.enclave().enrolled());
    for (int round = 1; round <= 3; round++) {
      for (Enclave e : enclaves) {
        e.beat(10L * round);
        grants.add(e.grant.body());
      }
      awaitSequenced();
    }
    LogRows.add(world, 0, SYNTHETIC);
    awaitSequenced();
    enclaves.getFirst().beat(100);
    world.revoke();
    awaitSequenced();
    entries = reader.entries(seen.getLast());
  }

  @AfterAll
  void close() {
    world.close();
  }

  /** Nothing waits any more; what is published by then is remembered. */
  private void awaitSequenced() throws Exception {
    await()
        .atMost(Duration.ofSeconds(20))
        .until(() -> world.get("/metrics").text().contains("leasehold_log_pending 0\n"));
    seen.add(reader.head());
  }

  @Test
  void aReaderOfThePublishedFormatsAcceptsEveryTreeThatWasSeen() throws Exception {
    List<byte[]> leaves = entries.stream().map(LogReader::leaf).toList();
    assertThat(leaves).hasSizeGreaterThan(SYNTHETIC + 15);
    for (LogReader.Head head : seen) {
      assertThat(LogReader.root(leaves.subList(0, (int) head.size()))).isEqualTo(head.root());
      assertThat(reader.entries(head)).as("its partial tiles are still served").isNotNull();
    }
    assertThat(seen.stream().map(LogReader.Head::size)).isSorted().doesNotHaveDuplicates();
  }

  @Test
  void everyEntryIsProvenToTheCheckpointThatComesWithTheProof() throws Exception {
    LogReader.Head head = seen.getLast();
    for (int i = 0; i < entries.size(); i += STEP) {
      String text = new String(entries.get(i), UTF_8);
      Hash hash =
          text.startsWith("{")
              ? Envelope.parse("entry", entries.get(i)).hash()
              : LogRows.hash(Integer.parseInt(text.substring("entry ".length())));
      InclusionProof proof = world.get("/log/proof?hash=" + hash).as(InclusionProof.class);
      assertThat(proof.index()).isEqualTo(i);
      assertThat(reader.open(proof.note())).isEqualTo(head);
      List<byte[]> path = proof.proof().stream().map(Bytes::toArray).toList();
      assertThat(LogReader.root(LogReader.leaf(entries.get(i)), i, head.size(), path))
          .isEqualTo(head.root());
    }
  }

  @Test
  void everyTwoPublishedTreesAreProvenConsistent() throws Exception {
    for (LogReader.Head from : seen) {
      for (LogReader.Head to : seen.subList(seen.indexOf(from), seen.size())) {
        ConsistencyProof proof =
            world
                .get("/log/proof?from=" + from.size() + "&to=" + to.size())
                .as(ConsistencyProof.class);
        proof.check(checkpoint(from), checkpoint(to));
      }
    }
  }

  /** {@code seq} of each instance, {@code cseq} of each lease, and the chain of hashes. */
  @Test
  void theOrderOfEachLeaseIsTheOrderOfItsSteps() throws Exception {
    Map<Object, Long> newest = new HashMap<>();
    Map<Object, Hash> chain = new HashMap<>();
    int statements = 0;
    for (byte[] entry : entries) {
      if (entry[0] != '{') {
        continue;
      }
      statements++;
      Envelope e = Envelope.parse("entry", entry);
      if (e.payloadType().equals(Statements.GRANT.payloadType())) {
        Grant g = Statements.GRANT.decode(e.payload().toArray());
        assertThat(newest.put(g.instanceId(), g.seq()))
            .isEqualTo(g.seq() == 0 ? null : g.seq() - 1);
        Hash before = chain.put(g.instanceId(), e.hash());
        assertThat(before).isEqualTo(before == null ? null : g.prev());
      } else if (e.payloadType().equals(Statements.COMMAND.payloadType())) {
        long cseq = Statements.COMMAND.decode(e.payload().toArray()).cseq();
        Long last = newest.put("cseq", cseq);
        assertThat(cseq).isEqualTo(last == null ? 1 : last + 1);
      }
    }
    assertThat(chain).hasSize(2);
    assertThat(statements).isGreaterThan(15);
  }

  @Test
  void whatIsSignedNamesTheNewestCheckpoint() throws Exception {
    List<byte[]> leaves = entries.stream().map(LogReader::leaf).toList();
    for (Grant g : grants) {
      LogRef ref = g.log();
      assertThat(LogReader.root(leaves.subList(0, (int) ref.size()))).isEqualTo(ref.root().hex());
    }
    assertThat(grants.getLast().log().size()).isPositive();
    assertThat(grants.stream().map(g -> g.log().size())).isSorted();
  }

  @Test
  void fullTilesAreKeptForEverAndOnlyWhatIsPublishedIsServed() throws Exception {
    HttpResponse<byte[]> full = reader.get("tile/0/001");
    assertThat(full.headers().firstValue("Content-Type")).contains("application/octet-stream");
    assertThat(full.headers().firstValue("Cache-Control"))
        .contains("public, max-age=31536000, immutable");
    assertThat(full.body()).hasSize(8_192);
    assertThat(reader.get("tile/entries/001").headers().firstValue("Content-Type"))
        .contains("application/octet-stream");
    assertThat(reader.get("checkpoint").headers().firstValue("Cache-Control")).contains("no-store");
    long edge = seen.getLast().size() % 256;
    assertStatus(200, "tile/0/002.p/" + edge);
    assertStatus(404, "tile/0/002.p/" + (edge + 1));
    assertStatus(404, "tile/0/002");
    assertStatus(404, "tile/entries/003");
    assertStatus(200, "tile/1/000.p/2");
    assertStatus(404, "tile/1/000.p/3");
    assertStatus(404, "tile/2/000.p/1");
    for (String malformed : List.of("0/2", "0/002.p/0", "0/002.p/256", "00/002", "x/002", "0")) {
      assertStatus(400, "tile/" + malformed);
    }
  }

  @Test
  void proofsOfWhatIsNotThereAreRefused() throws Exception {
    long size = seen.getLast().size();
    assertStatus(404, "proof?hash=" + "ab".repeat(32));
    assertStatus(400, "proof?hash=ab");
    assertStatus(400, "proof");
    assertStatus(404, "proof?from=" + (seen.getFirst().size() + 1_000_000) + "&to=9000000");
    assertStatus(404, "proof?from=1&to=" + (size + 1));
    assertStatus(400, "proof?from=" + size + "&to=0");
    assertStatus(400, "proof?from=-1&to=" + size);
    assertThat(new String(reader.any("proof?hash=ab").body(), UTF_8)).contains("64 lowercase hex");
  }

  @Test
  void theLogIsMeasured() {
    assertThat(world.get("/metrics").text())
        .contains("leasehold_log_size " + seen.getLast().size() + "\n")
        .contains("leasehold_log_lag_seconds 0\n");
  }

  private void assertStatus(int status, String path) throws Exception {
    assertThat(reader.any(path).statusCode()).as(path).isEqualTo(status);
  }

  private Checkpoint checkpoint(LogReader.Head head) {
    return new Checkpoint(world.server.log().origin(), head.size(), new Hash(head.root()));
  }
}
