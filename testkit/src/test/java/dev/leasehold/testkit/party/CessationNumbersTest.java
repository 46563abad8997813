package dev.leasehold.testkit.party;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.leasehold.core.bytes.Malformed;
import dev.leasehold.core.dsse.Signed;
import dev.leasehold.core.lease.Bundles;
import dev.leasehold.core.lease.Cessation;
import dev.leasehold.core.lease.Closure;
import dev.leasehold.core.lease.Final;
import dev.leasehold.core.lease.Grant;
import dev.leasehold.core.lease.Vec;
import dev.leasehold.testkit.story.Bends;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** A proof of cessation with numbers that cannot be is refused, and whoever checks it goes on. */
class CessationNumbersTest {
  private static final Vec MOST = new Vec(Vec.MAX, Vec.MAX, Vec.MAX, Vec.MAX);
  private static final Vec ONE = new Vec(1, 1, 1, 1);

  private final Parties parties = new Parties();
  private final Exchange x = new Exchange(parties);

  @Test
  void moreUsedThanAllowed() {
    Grant grant = Bends.with(x.grantZero(), Map.of("used", MOST, "allow", ONE));
    assertThatThrownBy(() -> verify(ending(grant, Optional.empty(), Optional.empty())))
        .isInstanceOf(Malformed.class)
        .hasMessageContaining("grant.used");
  }

  @Test
  void moreRefundedThanAnyNumberHolds() throws Exception {
    Grant grant = Bends.with(x.grantZero(), Map.of("allow", ONE));
    Signed<Final> last = x.last(1, x.evidence().hash(), x.sign(grant).hash(), ONE);
    assertThatThrownBy(() ->
            verify(
                ending(grant, Optional.of(last), Optional.of(x.closure(last.hash(), ONE, MOST)))))
        .isInstanceOf(Malformed.class)
        .hasMessageContaining("closure.refund");
    assertThat(
            verify(
                    ending(
                        grant,
                        Optional.of(last),
                        Optional.of(x.closure(last.hash(), ONE, Vec.ZERO))))
                .isComplete())
        .isTrue();
  }

  private Cessation verify(Bundles.Ending ending) throws Exception {
    return Cessation.verify(
        new Bundles.CessationFile(
            parties.roster.envelope(), parties.lease.envelope(), List.of(), List.of(ending)),
        parties.approverSet());
  }

  private Bundles.Ending ending(
      Grant grant, Optional<Signed<Final>> last, Optional<Signed<Closure>> closure) {
    return new Bundles.Ending(
        x.evidence().envelope(),
        x.sign(grant).envelope(),
        last.map(Signed::envelope),
        closure.map(Signed::envelope),
        Optional.empty());
  }
}
