package dev.leasehold.core.log;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.leasehold.core.bytes.Bytes;
import dev.leasehold.core.bytes.Digests;
import dev.leasehold.core.bytes.Hash;
import dev.leasehold.core.bytes.Hex;
import dev.leasehold.core.bytes.Malformed;
import dev.leasehold.core.dsse.Ed25519Signer;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssert;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TilesTest {
  private static final String ORIGIN = "example.com/log";
  private static final Ed25519Signer KEY = Ed25519Signer.fromSeed(new byte[32]);

  /** A log that keeps the tiles it is told to keep, as a server does. */
  private static final class Kept {
    private final Map<TilePath, Tile> tiles = new HashMap<>();
    private final List<Hash> leaves = new ArrayList<>();

    void grow(int to) {
      TileAppender appender = new TileAppender(leaves.size(), this::read);
      while (leaves.size() < to) {
        Hash leaf = Merkle.leaf(entry(leaves.size()));
        leaves.add(leaf);
        appender.append(leaf);
      }
      appender.changed().forEach(p -> tiles.put(p.path(), p.tile()));
      assertThat(appender.root()).isEqualTo(root(to));
    }

    Tile read(TilePath path) {
      return Objects.requireNonNull(tiles.get(path), path::text);
    }

    MerkleTree tree(long size) {
      return new MerkleTree(size, new TiledNodes(size, this::cut));
    }

    /** An old partial tile is the beginning of what is there now. */
    Tile cut(TilePath path) {
      for (int width = path.width(); width <= TilePath.FULL; width++) {
        Tile tile = tiles.get(new TilePath(path.level(), path.index(), width));
        if (tile != null) {
          return tile.first(path.width());
        }
      }
      throw new AssertionError(path.text());
    }

    Hash root(int size) {
      MerkleBuilder builder = new MerkleBuilder();
      leaves.subList(0, size).forEach(builder::add);
      return builder.root();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0, 256, tile/0/000",
    "0, 999, 3, tile/0/999.p/3",
    "1, 1000, 256, tile/1/x001/000",
    "63, 1234067, 256, tile/63/x001/x234/067",
    "-1, 1067, 8, tile/entries/x001/067.p/8",
    "2, 999999999999999999, 255, tile/2/x999/x999/x999/x999/x999/999.p/255",
  })
  void pathsAreThoseOfTheSpecification(int level, long index, int width, String path)
      throws Exception {
    TilePath tile = new TilePath(level, index, width);
    assertThat(tile.text()).isEqualTo(path);
    assertThat(TilePath.parse(path)).isEqualTo(tile);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "tile",
        "tile/0",
        "tile/0/",
        "tile/0/0",
        "tile/0/0000",
        "tile/0/x000/001",
        "tile/0/x001",
        "tile/0/001/002",
        "tile/00/001",
        "tile/64/001",
        "tile/-1/001",
        "tile/entry/001",
        "tile/0/001.p",
        "tile/0/001.p/0",
        "tile/0/001.p/01",
        "tile/0/001.p/256",
        "tile/0/001.p/1/2",
        "/tile/0/001",
        "tile/0/001/",
        "tile/0/x999/x999/x999/x999/x999/x999/999",
        "tile/0/00\u0661",
      })
  void otherPathsAreRefused(String path) {
    assertThatThrownBy(() -> TilePath.parse(path)).isInstanceOf(Malformed.class);
  }

  /** The example of the specification: a tree of 70 000 entries. */
  @Test
  void theTilesOfATreeAreThoseOfTheSpecification() {
    assertThat(TilePath.of(0, 272, 70_000)).isEqualTo(new TilePath(0, 272, 256));
    assertThat(TilePath.of(0, 273, 70_000)).isEqualTo(new TilePath(0, 273, 112));
    assertThat(TilePath.of(1, 0, 70_000)).isEqualTo(new TilePath(1, 0, 256));
    assertThat(TilePath.of(1, 1, 70_000)).isEqualTo(new TilePath(1, 1, 17));
    assertThat(TilePath.of(2, 0, 70_000)).isEqualTo(new TilePath(2, 0, 1));
    assertThat(TilePath.of(TilePath.ENTRIES, 273, 70_000)).isEqualTo(new TilePath(-1, 273, 112));
    assertThatThrownBy(() -> TilePath.of(0, 274, 70_000)).hasMessageContaining("width");
    assertThatThrownBy(() -> TilePath.of(8, 0, 70_000)).hasMessageContaining("width");
  }

  @ParameterizedTest
  @CsvSource({
    "0, 272, 256, true",
    "0, 273, 112, true",
    "0, 273, 1, true",
    "0, 273, 113, false",
    "0, 274, 1, false",
    "1, 1, 17, true",
    "1, 1, 18, false",
    "2, 0, 1, true",
    "3, 0, 1, false",
    "-1, 273, 112, true",
    "0, 999999999999999999, 1, false",
  })
  void aTreeHasTheTilesItHas(int level, long index, int width, boolean within) {
    assertThat(new TilePath(level, index, width).isWithin(70_000)).isEqualTo(within);
  }

  @Test
  void aGrowingLogKeepsExactlyTheTilesOfEachSize() {
    Kept log = new Kept();
    log.grow(70_000);
    assertThat(log.tiles).hasSize(273 + 1 + 1 + 1 + 1);
    assertThat(log.tree(70_000).root()).isEqualTo(log.root(70_000));
  }

  @Test
  void everyProofFromTilesVerifiesAcrossTheirEdges() throws Exception {
    Kept log = new Kept();
    List<Integer> sizes = new ArrayList<>(List.of(1, 2, 3, 7, 8, 100));
    IntStream.of(255, 256, 257, 300, 511, 512, 513, 767, 1023, 1025).forEach(sizes::add);
    for (int size : sizes) {
      log.grow(size);
    }
    for (int size : sizes) {
      MerkleTree tree = log.tree(size);
      Checkpoint head = new Checkpoint(ORIGIN, size, log.root(size));
      String note = head.sign(KEY);
      for (int i = 0; i < size; i += 1 + size / 60) {
        InclusionProof proof = InclusionProof.of(i, tree, note);
        assertThat(proof.check(entry(i), ORIGIN, KEY.key().ed25519())).isEqualTo(head);
      }
      for (int older : sizes.stream().filter(s -> s <= size).toList()) {
        ConsistencyProof.of(older, tree)
            .check(new Checkpoint(ORIGIN, older, log.root(older)), head);
      }
    }
  }

  @Test
  void proofsOfSomethingElseAreRefused() {
    Kept log = new Kept();
    log.grow(300);
    Checkpoint head = new Checkpoint(ORIGIN, 300, log.root(300));
    Checkpoint forked = new Checkpoint(ORIGIN, 9, log.root(8));
    InclusionProof proof = InclusionProof.of(5, log.tree(300), head.sign(KEY));
    Bytes key = KEY.key().ed25519();
    assertRefused(() -> proof.check(entry(6), ORIGIN, key), "inclusion.root");
    assertRefused(
        () -> new InclusionProof(5, 301, proof.proof(), proof.note()).check(entry(5), ORIGIN, key),
        "proof.size");
    assertRefused(
        () ->
            new InclusionProof(5, 300, List.of(Bytes.of(new byte[31])), proof.note())
                .check(entry(5), ORIGIN, key),
        "32 bytes");
    ConsistencyProof grown = ConsistencyProof.of(9, log.tree(300));
    assertRefused(() -> grown.check(forked, head), "consistency.oldRoot");
    assertRefused(() -> grown.check(new Checkpoint(ORIGIN, 8, log.root(8)), head), "8 to 300");
  }

  /** The consistency proofs of Certificate Transparency's own test data. */
  @Test
  void consistencyProofsOfCertificateTransparencyAreReadAsPublished() throws Exception {
    MerkleProof.checkConsistency(
        6,
        new Hash("76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef"),
        8,
        new Hash("5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"),
        List.of(
            new Hash("0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a"),
            new Hash("ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0"),
            new Hash("d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7")));
    MerkleProof.checkConsistency(
        2,
        new Hash("fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"),
        5,
        new Hash("4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4"),
        List.of(
            new Hash("5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e"),
            new Hash("bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b")));
  }

  /** The leaf of protocol §20. */
  @Test
  void anEntryIsTheEnvelopeAsSent() {
    String envelope =
        "{\"payloadType\":\"application/vnd.leasehold.demo.v1+json\",\"payload\":\"eyJ2IjoxLCJoZWxsbyI6IndvcmxkIn0=\","
            + "\"signatures\":[{\"keyid\":\"1d428a782cc0a73667f1fccaf6634ba01ce6e912fe27318f2e26757a444f9475\","
            + "\"sig\":\"e9gzIpNJLC3Tmgjq8T1mg1LM8DPekEc5XS2YzRQ/OS52p72Fp3jOIhZ90BO0Ucn+6f0S8GlVqI0xTaEks4OqAw==\"}]}";
    assertThat(Merkle.leaf(envelope.getBytes(UTF_8)).hex())
        .isEqualTo("102c18b2ffae0430df9c0bf1efa1202a156223eb2ae682be53d34878188fcafd");
  }

  @Test
  void tilesAndBundlesHaveOneForm() throws Exception {
    Tile tile = new Tile(List.of(Digests.EMPTY_SHA256, Merkle.leaf(entry(1))));
    assertThat(tile.write()).hasSize(64);
    assertThat(Tile.parse(tile.write(), 2)).isEqualTo(tile);
    assertRefused(() -> Tile.parse(tile.write(), 1), "end of input");
    assertRefused(() -> Tile.parse(tile.write(), 3), "hash 2");

    EntryBundle bundle =
        new EntryBundle(List.of(Bytes.of(new byte[] {1, 2, 3}), Bytes.EMPTY, Bytes.of(entry(1))));
    assertThat(Hex.encode(bundle.write())).startsWith("0003" + "010203" + "0000" + "0004");
    assertThat(EntryBundle.parse(bundle.write(), 3)).isEqualTo(bundle);
    assertRefused(() -> EntryBundle.parse(bundle.write(), 2), "end of input");
    assertRefused(() -> EntryBundle.parse(bundle.write(), 4), "length 3");
    assertRefused(() -> EntryBundle.parse(new byte[] {0, 2, 1}, 1), "entry 0");
    Bytes most = Bytes.of(new byte[EntryBundle.MAX_ENTRY_BYTES]);
    assertThat(EntryBundle.parse(new EntryBundle(List.of(most)).write(), 1).entries())
        .containsExactly(most);
  }

  private static byte[] entry(int i) {
    return ByteBuffer.allocate(Integer.BYTES).putInt(i).array();
  }

  private static void assertRefused(ThrowableAssert.ThrowingCallable call, String why) {
    assertThatThrownBy(call).isInstanceOf(Malformed.class).hasMessageContaining(why);
  }
}
