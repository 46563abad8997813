package dev.leasehold.core.pki;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leasehold.core.bytes.Digests;
import dev.leasehold.core.bytes.Hash;
import java.util.List;
import org.junit.jupiter.api.Test;

class PinnedAnchorsTest {
  @Test
  void everyRoleHasExactlyOneRoot() {
    assertThat(PinnedAnchors.ANCHORS.all())
        .extracting(Anchor::role)
        .containsExactlyInAnyOrder(AnchorRole.values());
    assertThat(PinnedAnchors.ANCHORS.all()).extracting(Anchor::certificate).doesNotHaveDuplicates();
  }

  @Test
  void setHashIsOverTheSortedFingerprintsWhateverTheOrder() {
    Hash low = new Hash("00".repeat(32));
    Hash high = new Hash("ff".repeat(32));
    Anchors one =
        new Anchors(
            List.of(
                new Anchor(AnchorRole.AMD_ARK_TURIN, high),
                new Anchor(AnchorRole.AMD_ARK_GENOA, low)));
    assertThat(one.setHash())
        .isEqualTo(Digests.domain("leasehold/1/anchor-set", low.bytes(), high.bytes()))
        .isEqualTo(new Anchors(one.all().reversed()).setHash());
  }
}
