package dev.leasehold.core.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.leasehold.core.bytes.Bytes;
import dev.leasehold.core.bytes.Digests;
import dev.leasehold.core.bytes.Hash;
import dev.leasehold.core.bytes.Malformed;
import dev.leasehold.core.dsse.Ed25519Signer;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CheckpointTest {
  private static final String ORIGIN = "example.com/behind-the-sofa";
  private static final String ROOT = "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=";
  private static final Ed25519Signer KEY = Ed25519Signer.fromSeed(new byte[32]);
  private static final Bytes PUBLIC = KEY.key().ed25519();

  /** The example of the specification. */
  @Test
  void theTextIsThatOfTheSpecification() throws Exception {
    Checkpoint checkpoint =
        new Checkpoint(ORIGIN, 20_852_163, Hash.of(Base64.getDecoder().decode(ROOT)));
    assertThat(checkpoint.text()).isEqualTo(ORIGIN + "\n20852163\n" + ROOT + "\n");
    assertThat(Checkpoint.parse(checkpoint.sign(KEY), ORIGIN, PUBLIC)).isEqualTo(checkpoint);
  }

  /** The example of docs/spec/log.md, signed by another implementation of Ed25519. */
  @Test
  void theDocumentedNoteIsOurs() {
    byte[] seed = new byte[32];
    for (int i = 0; i < seed.length; i++) {
      seed[i] = (byte) i;
    }
    Hash root = new Hash("102c18b2ffae0430df9c0bf1efa1202a156223eb2ae682be53d34878188fcafd");
    assertThat(new Checkpoint("custodian.example/log", 1, root).sign(Ed25519Signer.fromSeed(seed)))
        .isEqualTo(
            """
            custodian.example/log
            1
            ECwYsv+uBDDfnAvx76EgKhViI+sq5oK+U9NIeBiPyv0=

            — custodian.example/log G9ed21BPQXH4yTu+CFvMeNz2wTJhrUMUM7XyVXkl69YeZq7Uyb56MdGkCtlg54mCFpjvfxXo3YEX98vZjW9Da0jfMQg=
            """);
  }

  @Test
  void theEmptyLogHasACheckpointToo() throws Exception {
    Checkpoint empty = new Checkpoint(ORIGIN, 0, Digests.EMPTY_SHA256);
    assertThat(Checkpoint.parse(empty.sign(KEY), ORIGIN, PUBLIC)).isEqualTo(empty);
  }

  @Test
  void cosignaturesDoNotHideTheLogs() throws Exception {
    Checkpoint checkpoint = new Checkpoint(ORIGIN, 1, Digests.sha256(new byte[1]));
    String witness =
        SignedNote.sign(checkpoint.text(), "witness.example", Ed25519Signer.fromSeed(seed(1)))
            .write()
            .substring(checkpoint.text().length() + 1);
    assertThat(Checkpoint.parse(checkpoint.sign(KEY) + witness, ORIGIN, PUBLIC))
        .isEqualTo(checkpoint);
  }

  @Test
  void onlyTheLogsOwnKeyUnderItsOwnNameCounts() {
    Checkpoint checkpoint = new Checkpoint(ORIGIN, 1, Digests.sha256(new byte[1]));
    Bytes other = Ed25519Signer.fromSeed(seed(1)).key().ed25519();
    assertRefused(checkpoint.sign(KEY), ORIGIN, other, "note.signature");
    assertRefused(checkpoint.sign(KEY), "example.com/other", PUBLIC, "note.signature");
    String foreign = SignedNote.sign("other\n1\n" + ROOT + "\n", ORIGIN, KEY).write();
    assertRefused(foreign, ORIGIN, PUBLIC, "checkpoint.origin");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        ORIGIN + "\n1\n",
        ORIGIN + "\n1\n" + ROOT + "\nextension\n",
        "\n1\n" + ROOT + "\n",
        ORIGIN + "\n01\n" + ROOT + "\n",
        ORIGIN + "\n+1\n" + ROOT + "\n",
        ORIGIN + "\n-1\n" + ROOT + "\n",
        ORIGIN + "\n1 \n" + ROOT + "\n",
        ORIGIN + "\n9007199254740992\n" + ROOT + "\n",
        ORIGIN + "\n99999999999999999999\n" + ROOT + "\n",
        ORIGIN + "\n1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2J=\n",
        ORIGIN + "\n1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jx\n",
        ORIGIN + "\n0\n" + ROOT + "\n",
      })
  void whatIsSignedMustStillBeACheckpoint(String text) {
    assertRefused(SignedNote.sign(text, ORIGIN, KEY).write(), ORIGIN, PUBLIC, "checkpoint");
  }

  @Test
  void everyChangedCharacterIsSeen() {
    String note = new Checkpoint(ORIGIN, 7, Digests.sha256(new byte[1])).sign(KEY);
    for (int i = 0; i < note.length(); i++) {
      String changed = note.substring(0, i) + (char) (note.charAt(i) ^ 1) + note.substring(i + 1);
      assertRefused(changed, ORIGIN, PUBLIC, "");
    }
  }

  private static byte[] seed(int last) {
    byte[] seed = new byte[32];
    seed[31] = (byte) last;
    return seed;
  }

  private static void assertRefused(String note, String origin, Bytes key, String field) {
    assertThatThrownBy(() -> Checkpoint.parse(note, origin, key))
        .isInstanceOf(Malformed.class)
        .hasMessageContaining(field);
  }
}
