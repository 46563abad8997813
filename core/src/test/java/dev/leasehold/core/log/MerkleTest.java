package dev.leasehold.core.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.leasehold.core.bytes.Digests;
import dev.leasehold.core.bytes.Hash;
import dev.leasehold.core.bytes.Hex;
import dev.leasehold.core.bytes.Malformed;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssert;
import org.junit.jupiter.api.Test;

class MerkleTest {
  private static final int LEAVES = 70;
  private static final List<Hash> TREE =
      IntStream.range(0, LEAVES).mapToObj(i -> Merkle.leaf(new byte[] {(byte) i})).toList();
  private static final Hash WRONG = Digests.sha256(new byte[] {99});

  /** The tree of Certificate Transparency's own test data. */
  @Test
  void rootsAreThoseOfCertificateTransparency() throws Exception {
    String[] data = {
      "",
      "00",
      "10",
      "2021",
      "3031",
      "40414243",
      "5051525354555657",
      "606162636465666768696a6b6c6d6e6f"
    };
    String[] roots = {
      "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
      "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
      "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
      "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
      "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
      "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
      "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
      "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"
    };
    MerkleBuilder tree = new MerkleBuilder();
    assertThat(tree.root()).isEqualTo(Digests.EMPTY_SHA256);
    for (int i = 0; i < data.length; i++) {
      tree.add(Merkle.leaf(Hex.decode("leaf", data[i])));
      assertThat(tree.root().hex()).isEqualTo(roots[i]);
    }
    assertThat(tree.size()).isEqualTo(8);
  }

  @Test
  void builderEqualsTheRecursiveDefinition() {
    MerkleBuilder tree = new MerkleBuilder();
    for (int n = 1; n <= LEAVES; n++) {
      tree.add(TREE.get(n - 1));
      assertThat(tree.root()).isEqualTo(root(TREE.subList(0, n)));
    }
  }

  /** The proofs are those of the definition, for every tree, leaf and older size. */
  @Test
  void whatTheTreeProvesIsWhatTheDefinitionSays() {
    for (int n = 1; n <= LEAVES; n++) {
      List<Hash> leaves = TREE.subList(0, n);
      MerkleTree tree = new MerkleTree(n, MerkleTest::node);
      assertThat(tree.root()).isEqualTo(root(leaves));
      for (int m = 1; m <= n; m++) {
        assertThat(tree.inclusion(m - 1)).isEqualTo(inclusion(m - 1, leaves));
        assertThat(tree.consistency(m)).isEqualTo(consistency(m, leaves, true));
      }
      assertThat(tree.consistency(0)).isEmpty();
    }
  }

  @Test
  void nothingIsProvenAboutWhatIsNotInTheTree() {
    MerkleTree tree = new MerkleTree(3, MerkleTest::node);
    assertThat(new MerkleTree(0, MerkleTest::node).root()).isEqualTo(Digests.EMPTY_SHA256);
    assertThatThrownBy(() -> tree.inclusion(3)).hasMessageContaining("index");
    assertThatThrownBy(() -> tree.consistency(4)).hasMessageContaining("size");
  }

  @Test
  void bothWaysOfHashingALeafAgree() {
    byte[] data = {1, 2, 3};
    assertThat(Merkle.leaf(Digests.newDigest("SHA-256"), ByteBuffer.wrap(data)))
        .isEqualTo(Merkle.leaf(data));
  }

  @Test
  void everyInclusionProofVerifiesAndNoOther() throws Exception {
    for (int n = 1; n <= LEAVES; n++) {
      List<Hash> leaves = TREE.subList(0, n);
      Hash root = root(leaves);
      for (int i = 0; i < n; i++) {
        List<Hash> proof = inclusion(i, leaves);
        MerkleProof.checkInclusion(i, n, leaves.get(i), proof, root);
        int index = i;
        int size = n;
        assertRefused(() -> MerkleProof.checkInclusion(index, size, WRONG, proof, root));
        assertRefused(
            () -> MerkleProof.checkInclusion(index, size, leaves.get(index), proof, WRONG));
        for (List<Hash> broken : broken(proof)) {
          assertRefused(
              () -> MerkleProof.checkInclusion(index, size, leaves.get(index), broken, root));
        }
        assertRefused(() ->
            MerkleProof.checkInclusion(
                (index + 1) % size, size, size == 1 ? WRONG : leaves.get(index), proof, root));
      }
    }
  }

  @Test
  void inclusionOutsideTheTreeIsRefusedByName() {
    assertThatThrownBy(() -> MerkleProof.checkInclusion(3, 3, WRONG, List.of(), WRONG))
        .isInstanceOf(Malformed.class)
        .hasMessageContaining("inclusion.index");
    assertThatThrownBy(() -> MerkleProof.checkInclusion(-1, 3, WRONG, List.of(), WRONG))
        .isInstanceOf(Malformed.class)
        .hasMessageContaining("inclusion.index");
  }

  @Test
  void everyConsistencyProofVerifiesAndNoOther() throws Exception {
    for (int n = 1; n <= LEAVES; n++) {
      List<Hash> leaves = TREE.subList(0, n);
      Hash newRoot = root(leaves);
      for (int m = 1; m <= n; m++) {
        Hash oldRoot = root(leaves.subList(0, m));
        List<Hash> proof = consistency(m, leaves, true);
        MerkleProof.checkConsistency(m, oldRoot, n, newRoot, proof);
        int oldSize = m;
        int newSize = n;
        assertRefused(() -> MerkleProof.checkConsistency(oldSize, WRONG, newSize, newRoot, proof));
        assertRefused(() -> MerkleProof.checkConsistency(oldSize, oldRoot, newSize, WRONG, proof));
        for (List<Hash> broken : broken(proof)) {
          assertRefused(
              () -> MerkleProof.checkConsistency(oldSize, oldRoot, newSize, newRoot, broken));
        }
      }
    }
  }

  @Test
  void everyTreeExtendsTheEmptyOneAndNoneShrinks() throws Exception {
    Hash root = root(TREE);
    MerkleProof.checkConsistency(0, Digests.EMPTY_SHA256, LEAVES, root, List.of());
    assertRefused(() -> MerkleProof.checkConsistency(0, WRONG, LEAVES, root, List.of()));
    assertRefused(
        () -> MerkleProof.checkConsistency(0, Digests.EMPTY_SHA256, LEAVES, root, List.of(WRONG)));
    assertThatThrownBy(() -> MerkleProof.checkConsistency(LEAVES, root, 5, WRONG, List.of()))
        .hasMessageContaining("consistency.size");
    assertThatThrownBy(() -> MerkleProof.checkConsistency(3, WRONG, 5, WRONG, List.of()))
        .hasMessageContaining("consistency.proof");
  }

  private static void assertRefused(ThrowableAssert.ThrowingCallable call) {
    assertThatThrownBy(call).isInstanceOf(Malformed.class);
  }

  /** The proof with each hash changed, one removed, one added. */
  private static List<List<Hash>> broken(List<Hash> proof) {
    List<List<Hash>> out = new ArrayList<>();
    for (int i = 0; i < proof.size(); i++) {
      List<Hash> changed = new ArrayList<>(proof);
      changed.set(i, WRONG);
      out.add(changed);
    }
    if (!proof.isEmpty()) {
      out.add(proof.subList(1, proof.size()));
      out.add(proof.subList(0, proof.size() - 1));
    }
    List<Hash> longer = new ArrayList<>(proof);
    longer.add(WRONG);
    out.add(longer);
    return out;
  }

  private static Hash node(int level, long index) {
    int from = (int) index << level;
    return root(TREE.subList(from, from + (1 << level)));
  }

  private static int split(int n) {
    return Integer.highestOneBit(n - 1);
  }

  private static Hash root(List<Hash> leaves) {
    int n = leaves.size();
    return n == 1
        ? leaves.getFirst()
        : Merkle.node(root(leaves.subList(0, split(n))), root(leaves.subList(split(n), n)));
  }

  private static List<Hash> inclusion(int i, List<Hash> leaves) {
    int n = leaves.size();
    if (n == 1) {
      return new ArrayList<>();
    }
    int k = split(n);
    List<Hash> proof =
        i < k ? inclusion(i, leaves.subList(0, k)) : inclusion(i - k, leaves.subList(k, n));
    proof.add(root(i < k ? leaves.subList(k, n) : leaves.subList(0, k)));
    return proof;
  }

  private static List<Hash> consistency(int m, List<Hash> leaves, boolean whole) {
    int n = leaves.size();
    if (m == n) {
      return whole ? new ArrayList<>() : new ArrayList<>(List.of(root(leaves)));
    }
    int k = split(n);
    List<Hash> proof =
        m <= k
            ? consistency(m, leaves.subList(0, k), whole)
            : consistency(m - k, leaves.subList(k, n), false);
    proof.add(root(m <= k ? leaves.subList(k, n) : leaves.subList(0, k)));
    return proof;
  }
}
