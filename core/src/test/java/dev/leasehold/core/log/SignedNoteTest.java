package dev.leasehold.core.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.leasehold.core.bytes.Bytes;
import dev.leasehold.core.bytes.Malformed;
import dev.leasehold.core.dsse.Ed25519Signer;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Notes as Go's checksum database signs them: its published keys and its published note. */
class SignedNoteTest {
  private static final String NAME = "PeterNeumann";
  private static final Ed25519Signer KEY =
      Ed25519Signer.fromSeed(material("AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz"));
  private static final Bytes PUBLIC =
      Bytes.of(material("ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"));
  private static final String TEXT =
      """
      If you think cryptography is the answer to your problem,
      then you don't know what your problem is.
      """;
  private static final String SIGNATURE =
      "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n";
  private static final String NOTE = TEXT + "\n" + SIGNATURE;

  @Test
  void signsAsTheReferenceDoes() {
    assertThat(KEY.key().ed25519()).isEqualTo(PUBLIC);
    assertThat(SignedNote.sign(TEXT, NAME, KEY).write()).isEqualTo(NOTE);
  }

  @Test
  void readsWhatTheReferenceSigned() throws Exception {
    SignedNote note = SignedNote.parse(NOTE);
    assertThat(note.text()).isEqualTo(TEXT);
    note.requireSigned(NAME, PUBLIC);
    assertThat(note.write()).isEqualTo(NOTE);
  }

  @Test
  void emptyLinesBelongToTheText() throws Exception {
    String text = "one\n\n\ntwo\n\n";
    SignedNote note = SignedNote.parse(SignedNote.sign(text, NAME, KEY).write());
    assertThat(note.text()).isEqualTo(text);
    note.requireSigned(NAME, PUBLIC);
  }

  @Test
  void signaturesOfOthersArePassedOver() throws Exception {
    String sameNameOtherKey = line(NAME, 0, 0, 0, 1, 5, 5, 5);
    String sameKeyIdOtherName = line("other", 0xc7, 0x4f, 0x20, 0xa3, 5, 5, 5);
    SignedNote note =
        SignedNote.parse(TEXT + "\n" + sameNameOtherKey + SIGNATURE + sameKeyIdOtherName);
    assertThat(note.signatures()).hasSize(3);
    note.requireSigned(NAME, PUBLIC);
    assertRefused(TEXT + "\n" + sameNameOtherKey + sameKeyIdOtherName, "one by the key of");
  }

  @Test
  void aWrongSignatureOfTheKeySpoilsTheNote() {
    String wrong = line(NAME, 0xc7, 0x4f, 0x20, 0xa3, 5, 5, 5);
    assertRefused(NOTE + wrong, "a wrong one");
    assertRefused(TEXT + "\n" + wrong + SIGNATURE, "a wrong one");
    assertRefused(NOTE.replace("cryptography", "cryptographY"), "a wrong one");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "\n",
        "\n\n",
        "text\n",
        "text\n\n",
        "text\n\n\n",
        "text\n— PeterNeumann x08go/ZJku==\n",
        "text\n\n- PeterNeumann x08go/ZJku==\n",
        "text\n\n— PeterNeumann x08go/ZJkg==",
        "text\n\n— PeterNeumann  x08go/ZJkg==\n",
        "text\n\n— Peter Neumann x08go/ZJkg==\n",
        "text\n\n— Peter+Neumann x08go/ZJkg==\n",
        "text\n\n— Peter\u2003Neumann x08go/ZJkg==\n",
        "text\n\n—  x08go/ZJkg==\n",
        "text\n\n— PeterNeumann x08gow==\n",
        "text\n\n— PeterNeumann x08go/ZJkh==\n",
        "text\n\n— PeterNeumann x08go/ZJkg\n",
        "text\n\n— PeterNeumann x08go/ZJkg== \n",
        "te\u0000xt\n\n— PeterNeumann x08go/ZJkg==\n",
        "text\r\n\n— PeterNeumann x08go/ZJkg==\n",
      })
  void malformedNotesAreRefused(String note) {
    assertThatThrownBy(() -> SignedNote.parse(note)).isInstanceOf(Malformed.class);
  }

  @Test
  void longNotesAreRefused() {
    assertThatThrownBy(() -> SignedNote.parse("x".repeat(SignedNote.MAX_BYTES) + NOTE))
        .hasMessageContaining("at most");
  }

  private static void assertRefused(String note, String why) {
    assertThatThrownBy(() -> SignedNote.parse(note).requireSigned(NAME, PUBLIC))
        .isInstanceOf(Malformed.class)
        .hasMessageContaining(why);
  }

  private static String line(String name, int... bytes) {
    byte[] value = new byte[bytes.length];
    for (int i = 0; i < bytes.length; i++) {
      value[i] = (byte) bytes[i];
    }
    return new SignedNote(TEXT, List.of(new SignedNote.Line(name, Bytes.of(value))))
        .write()
        .substring(TEXT.length() + 1);
  }

  /** Key material of Go's text form: one byte for the algorithm, then 32. */
  private static byte[] material(String base64) {
    byte[] bytes = Base64.getDecoder().decode(base64);
    return Arrays.copyOfRange(bytes, 1, bytes.length);
  }
}
