package dev.leasehold.custodian;

import static org.assertj.core.api.Assertions.assertThat;

import dev.leasehold.core.dsse.Bundle;
import dev.leasehold.core.lease.Bundles;
import dev.leasehold.core.lease.Problem;
import dev.leasehold.testkit.snp.Flaw;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A program without a guard gets no key, and the key is nowhere outside an attested enclave. */
@Tag("AR-15")
class AR15NoKeyForAThiefTest {
  private static final Pattern BASE64 = Pattern.compile("[A-Za-z0-9+/]{24,}={0,2}");
  private static final int DEEPEST = 4;

  @TempDir Path folder;

  @Test
  void theProgramIsRefusedAndNoWireOrDiskEverHoldsTheKey() throws Exception {
    try (World world = new World(folder).lend()) {
      byte[] dek = world.owner.dek;
      Enclave thief = world.enclave();
      thief.flaw = Flaw.MEASUREMENT;
      thief.challenged();
      Bundles.EvidencePost post = thief.evidencePost(thief.statement(), thief.ik);
      World.Answer refused = thief.attest(post);
      Problem p = world.problem(refused, thief.evidence.hash());
      assertThat(p.name()).isEqualTo("evidence-rejected:measurement");
      assertThat(p.action()).isEqualTo(Problem.Action.STOP);

      Enclave honest = world.enclave().challenged();
      Bundles.EvidencePost asked = honest.evidencePost(honest.statement(), honest.ik);
      World.Answer released = honest.attest(asked);
      assertThat(honest.openKey(released.as(Bundles.EnrolmentReply.class))).isEqualTo(dek);

      assertAbsent(dek, "wire", Bundle.write(Bundles.EvidencePost.class, post));
      assertAbsent(dek, "wire", refused.body());
      assertAbsent(dek, "wire", Bundle.write(Bundles.EvidencePost.class, asked));
      assertAbsent(dek, "wire", released.body());
      for (Path file : files(folder)) {
        assertAbsent(dek, file.toString(), Files.readAllBytes(file));
      }
    }
  }

  @Test
  void theSearchFindsAKeyHoweverItIsWritten() {
    byte[] dek = Owner.random(32);
    String base64 = Base64.getEncoder().encodeToString(dek);
    byte[] within =
        Base64.getEncoder().encode(("{\"k\":\"" + base64 + "\"}").getBytes(StandardCharsets.UTF_8));
    assertThat(holds(dek, join("a".getBytes(StandardCharsets.UTF_8), dek), 0)).isTrue();
    assertThat(holds(dek, HexFormat.of().formatHex(dek).getBytes(StandardCharsets.UTF_8), 0))
        .isTrue();
    assertThat(holds(dek, within, 0)).isTrue();
    assertThat(holds(dek, Owner.random(4_096), 0)).isFalse();
  }

  private static void assertAbsent(byte[] dek, String where, byte[] bytes) {
    assertThat(holds(dek, bytes, 0)).as("the model's key in %s", where).isFalse();
  }

  /** Raw, in hex, and within base64 however deep. */
  private static boolean holds(byte[] dek, byte[] bytes, int depth) {
    String text = new String(bytes, StandardCharsets.ISO_8859_1);
    if (text.contains(new String(dek, StandardCharsets.ISO_8859_1))
        || text.contains(HexFormat.of().formatHex(dek))) {
      return true;
    }
    Matcher m = BASE64.matcher(text);
    while (depth < DEEPEST && m.find()) {
      String run = m.group();
      byte[] decoded = decoded(run);
      if (decoded.length >= dek.length && holds(dek, decoded, depth + 1)) {
        return true;
      }
    }
    return false;
  }

  private static byte[] decoded(String run) {
    String whole = run.substring(0, run.length() - run.length() % 4);
    try {
      return Base64.getDecoder().decode(whole);
    } catch (IllegalArgumentException e) {
      return new byte[0];
    }
  }

  private static byte[] join(byte[] a, byte[] b) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(a);
    out.writeBytes(b);
    return out.toByteArray();
  }

  private static List<Path> files(Path folder) throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      return all.filter(Files::isRegularFile).toList();
    }
  }
}
