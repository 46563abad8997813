package dev.leasehold.enclave.meter;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leasehold.core.dsse.Signed;
import dev.leasehold.core.lease.Command;
import dev.leasehold.core.lease.Heartbeat;
import dev.leasehold.core.lease.Vec;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Use is reported rounded down and late, never up (protocol §12; BH-12, model mutant m_roundup).
 */
@Tag("BH-12")
final class UseReportTest {

  @ParameterizedTest
  @CsvSource({"0,0", "63,0", "64,64", "65,64", "127,64", "1500,1472", "3300,3264", "400,384"})
  void tokensAreFlooredToTheQuantum(long charged, long reported) {
    Vec floor = UseReport.floor(new Vec(3, charged, charged, 12_345), 64);
    assertThat(floor).isEqualTo(new Vec(3, reported, reported, 12_000));
  }

  @Test
  void quantumOneReportsExactTokens() {
    assertThat(UseReport.floor(new Vec(3, 7, 9, 999), 1)).isEqualTo(new Vec(3, 7, 9, 0));
  }

  @Test
  void aValueStaysUntilEnoughRequestsEnded() throws Exception {
    LoopFixture f = LoopFixture.enrolled();
    f.work(new Vec(7, 0, 128, 0));
    f.requests(7, 16);
    Signed<Heartbeat> few = f.nextHeartbeat();
    assertThat(few.body().used()).isEqualTo(Vec.ZERO);
    f.take(f.answer(few));
    f.work(new Vec(1, 0, 0, 0));
    f.requests(1, 16);
    Signed<Heartbeat> enough = f.nextHeartbeat();
    assertThat(enough.body().used().outputTokens()).isEqualTo(128);
    f.take(f.answer(enough));
    f.work(new Vec(7, 0, 128, 0));
    f.requests(7, 16);
    assertThat(f.nextHeartbeat().body().used())
        .as("counted from the last change")
        .isEqualTo(enough.body().used());
  }

  @Test
  void aValueMovesWhenLittleIsLeft() throws Exception {
    LoopFixture f = LoopFixture.enrolled(terms -> terms.topUpPercent = 0);
    f.work(new Vec(1, 0, 1_500, 0));
    Signed<Heartbeat> enoughLeft = f.nextHeartbeat();
    assertThat(enoughLeft.body().used()).as("exactly 25 % left").isEqualTo(Vec.ZERO);
    f.take(f.answer(enoughLeft));
    f.work(new Vec(1, 0, 1, 0));
    assertThat(f.nextHeartbeat().body().used().outputTokens()).isEqualTo(1_472);
  }

  @Test
  void aValueMovesWhenServingIsOver() throws Exception {
    LoopFixture f = LoopFixture.enrolled();
    f.work(new Vec(1, 0, 200, 0));
    f.push(f.custodian.command(Command.Type.SUSPEND, 1));
    assertThat(f.nextHeartbeat().body().used().outputTokens()).isEqualTo(192);
  }

  @ParameterizedTest
  @CsvSource({
    "0,0",
    "1,0",
    "2,1",
    "3,2",
    "4,2",
    "5,3",
    "1024,10",
    "1025,11",
    "16384,14",
    "16385,15"
  })
  void lengthsGoIntoBuckets(long tokens, int bucket) {
    assertThat(Tally.bucket(tokens)).isEqualTo(bucket);
  }

  @Test
  void everythingAboveIsInTheLastBucket() {
    assertThat(Tally.bucket(Long.MAX_VALUE)).isEqualTo(15);
  }

  @Test
  void countsAreReported() throws Exception {
    LoopFixture f = LoopFixture.enrolled();
    f.requests(2, 100);
    f.tally.entered();
    f.tally.aborted();
    f.tally.entered();
    f.tally.denied();
    Heartbeat h = f.nextHeartbeat().body();
    assertThat(h.finished()).isEqualTo(2);
    assertThat(h.aborted()).isEqualTo(1);
    assertThat(h.denied()).isEqualTo(1);
    assertThat(h.lengths().get(7)).isEqualTo(2);
  }
}
