package dev.leasehold.testkit.tpm;

import dev.leasehold.core.bytes.Bytes;
import dev.leasehold.core.bytes.HexBytes;
import dev.leasehold.core.evidence.Collateral;
import dev.leasehold.core.evidence.tpm.EventLog.Event;
import dev.leasehold.core.evidence.tpm.TpmHash;
import dev.leasehold.core.json.Json;
import dev.leasehold.core.pki.Certificates;
import dev.leasehold.core.pki.RevocationList;
import dev.leasehold.testkit.pki.CertificateSpec;
import dev.leasehold.testkit.tpm.AttestImage.Selection;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.bouncycastle.asn1.x509.KeyUsage;

/** Quotes one bank of a TPM, in Leasehold's own container, with the flaw asked for. */
public final class TpmForger {
  private final SimulatedTpm tpm;
  private final SimulatedTpm other;
  private final SimulatedGoogle google;
  private final SimulatedGoogle foreign;

  public TpmForger(SimulatedTpm tpm, SimulatedGoogle google, SimulatedGoogle foreign) {
    this.tpm = tpm;
    this.other = SimulatedTpm.create(tpm.scheme());
    this.google = google;
    this.foreign = foreign;
  }

  public Forgery forge(Flaw flaw, byte[] nonce, Instant now) {
    BootLog boot = boot(flaw);
    TpmHash bank = flaw == Flaw.SHA1_BANK ? TpmHash.SHA1 : TpmHash.SHA256;
    SortedMap<Integer, byte[]> pcrs = boot.registers(bank);
    byte[] message = message(flaw, nonce, bank, pcrs);
    byte[] signature = signature(flaw, message);
    X509Certificate certificate = certificate(flaw, now);
    Json.Obj json =
        Json.Obj.EMPTY
            .with("message", base64(sent(flaw, message)))
            .with("signature", base64(signature))
            .with("akPublic", base64(area(flaw)))
            .with("akCertificates", certificates(flaw, certificate))
            .with("pcrs", registers(flaw, bank, pcrs, boot))
            .with("eventLog", base64(log(flaw, boot)));
    return new Forgery(
        Bytes.of(json.write().getBytes(StandardCharsets.UTF_8)),
        collateral(flaw, certificate, now));
  }

  private static BootLog boot(Flaw flaw) {
    return switch (flaw) {
      case LOG_SEPARATOR_TWICE ->
          new BootLog(3).locality(3).firmware().separators(0).separator(4, 0).leave();
      case LOG_SEPARATOR_OF_AN_ERROR -> new BootLog(3).locality(3).firmware().separators(1).leave();
      case LOG_ENDS_BEFORE_THE_BOOT -> new BootLog(3).locality(3).firmware().separators(0);
      case LOG_LOCALITY_TOO_LATE -> new BootLog(3).firmware().locality(3).separators(0).leave();
      case LOG_OF_ANOTHER_BANK -> BootLog.usual(List.of(TpmHash.SHA384));
      default -> BootLog.usual();
    };
  }

  private static byte[] message(
      Flaw flaw, byte[] nonce, TpmHash bank, SortedMap<Integer, byte[]> pcrs) {
    Selection selection = new Selection(bank, new TreeSet<>(pcrs.keySet()));
    if (flaw == Flaw.PCR_NOT_SELECTED) {
      selection.pcrs().remove(7);
    }
    ByteArrayOutputStream values = new ByteArrayOutputStream();
    selection.pcrs().forEach(i -> values.writeBytes(pcrs.getOrDefault(i, new byte[0])));
    TpmHash by = flaw == Flaw.DIGEST_BY_ANOTHER_HASH ? TpmHash.SHA384 : signedBy(flaw);
    AttestImage image =
        AttestImage.quote(nonce, List.of(selection), by.digest(values.toByteArray()));
    return switch (flaw) {
      case MAGIC -> image.with(0x12345678, AttestImage.QUOTE).bytes();
      case NOT_A_QUOTE -> image.with(AttestImage.MAGIC, 0x8019).bytes();
      case SELECTS_NOTHING -> image.with(List.of()).bytes();
      case BANK_TWICE -> image.with(List.of(selection, selection)).bytes();
      case ATTEST_TOO_LONG -> Arrays.copyOf(image.bytes(), image.bytes().length + 1);
      case ATTEST_TOO_SHORT -> Arrays.copyOf(image.bytes(), image.bytes().length - 1);
      default -> image.bytes();
    };
  }

  private static TpmHash signedBy(Flaw flaw) {
    return flaw == Flaw.SIGNED_WITH_SHA1 ? TpmHash.SHA1 : TpmHash.SHA256;
  }

  private byte[] signature(Flaw flaw, byte[] message) {
    SimulatedTpm signer = flaw == Flaw.SIGNED_BY_ANOTHER_KEY ? other : tpm;
    byte[] signature = signer.sign(signedBy(flaw), message);
    return switch (flaw) {
      case SIGNATURE_BROKEN -> flipped(signature, 40);
      case SIGNATURE_SCHEME -> flipped(signature, 0);
      case SIGNATURE_TOO_LONG -> Arrays.copyOf(signature, signature.length + 1);
      default -> signature;
    };
  }

  /** What arrives of what was signed; the nonce begins at byte 44. */
  private static byte[] sent(Flaw flaw, byte[] message) {
    return flaw == Flaw.NONCE_CHANGED ? flipped(message, 44) : message;
  }

  private byte[] area(Flaw flaw) {
    return switch (flaw) {
      case NOT_RESTRICTED -> areaWith(16);
      case NOT_FOR_SIGNING -> areaWith(18);
      case MAY_DECRYPT -> areaWith(17);
      case MAY_LEAVE_THE_TPM -> areaWith(1);
      case MAY_LEAVE_ITS_PARENT -> areaWith(4);
      case MADE_OUTSIDE -> areaWith(5);
      case AREA_TOO_LONG -> {
        byte[] area = areaWith(6);
        yield Arrays.copyOf(area, area.length + 1);
      }
      default -> tpm.area(SimulatedTpm.ATTESTATION_KEY);
    };
  }

  private byte[] areaWith(int toggled) {
    return tpm.area(SimulatedTpm.ATTESTATION_KEY ^ 1L << toggled);
  }

  private Json certificates(Flaw flaw, X509Certificate certificate) {
    X509Certificate intermediate = google.intermediate().certificate();
    X509Certificate root = google.root().certificate();
    List<X509Certificate> chain =
        switch (flaw) {
          case CERTIFICATE_MISSING -> List.of(intermediate, root);
          case INTERMEDIATE_MISSING -> List.of(certificate, root);
          case UNPINNED_ROOT ->
              List.of(
                  certificate, foreign.intermediate().certificate(), foreign.root().certificate());
          default -> List.of(certificate, intermediate, root);
        };
    return Json.Arr.of(
        chain.stream().map(c -> new Json.Str(base64(Certificates.encoded(c)))).toList());
  }

  private X509Certificate certificate(Flaw flaw, Instant now) {
    CertificateSpec spec = google.attestationKey(tpm.publicKey());
    return switch (flaw) {
      case CERTIFICATE_OF_ANOTHER_KEY -> issue(google.attestationKey(other.publicKey()));
      case CERTIFICATE_EXPIRED ->
          issue(spec.withValidity(spec.notBefore(), now.minus(Duration.ofDays(1))));
      case CERTIFICATE_NOT_YET_VALID ->
          issue(spec.withValidity(now.plus(Duration.ofDays(1)), spec.notAfter()));
      case CERTIFICATE_FOR_ENCRYPTION -> issue(spec.withKeyUsage(KeyUsage.keyEncipherment));
      case CERTIFICATE_OF_AN_AUTHORITY ->
          issue(
              CertificateSpec.authority(
                      spec.subject(), spec.key(), spec.notBefore(), spec.notAfter(), 0)
                  .withKeyUsage(KeyUsage.digitalSignature));
      case CERTIFICATE_SIGNED_WITH_SHA384 -> google.intermediate().issue(spec, "SHA384withRSA");
      case CERTIFICATE_OF_FOREIGN_INTERMEDIATE, UNPINNED_ROOT -> foreign.intermediate().issue(spec);
      default -> issue(spec);
    };
  }

  private X509Certificate issue(CertificateSpec spec) {
    return google.intermediate().issue(spec);
  }

  private Json registers(Flaw flaw, TpmHash bank, SortedMap<Integer, byte[]> quoted, BootLog boot) {
    SortedMap<Integer, byte[]> pcrs = new TreeMap<>(quoted);
    Map<String, Json> banks = new LinkedHashMap<>();
    switch (flaw) {
      case PCR_NOT_SENT -> pcrs.remove(9);
      case PCR_CHANGED -> pcrs.computeIfPresent(4, (i, v) -> flipped(v, 3));
      case PCR_OF_ANOTHER_LENGTH -> pcrs.put(9, new byte[TpmHash.SHA384.bytes()]);
      case PCRS_SWAPPED -> pcrs.putAll(Map.of(0, quoted.get(4), 4, quoted.get(0)));
      case BANK_NOT_SELECTED ->
          banks.put(TpmHash.SHA384.word(), json(boot.registers(TpmHash.SHA384)));
      default -> {}
    }
    banks.put(bank.word(), json(pcrs));
    return new Json.Obj(banks);
  }

  private static Json json(SortedMap<Integer, byte[]> pcrs) {
    Map<String, Json> out = new LinkedHashMap<>();
    pcrs.forEach(
        (i, value) -> out.put(Integer.toString(i), new Json.Str(HexBytes.of(value).hex())));
    return new Json.Obj(out);
  }

  /** The events are: locality, version, boot option, eight separators, command line, leaving. */
  private static byte[] log(Flaw flaw, BootLog boot) {
    byte[] log = boot.bytes();
    return switch (flaw) {
      case LOG_TOO_SHORT -> Arrays.copyOf(log, log.length - 1);
      case LOG_WITHOUT_AN_EVENT -> boot.without(11);
      case LOG_DIGEST_CHANGED -> flipped(log, boot.offset(11) + 40);
      case LOG_DIGEST_TWICE -> {
        byte[] twice = log.clone();
        twice[boot.offset(1) + 12 + 22] = (byte) TpmHash.SHA1.id();
        yield twice;
      }
      case LOG_EVENT_MADE_INFORMATIVE -> {
        byte[] informative = log.clone();
        informative[boot.offset(11) + 4] = (byte) Event.NO_ACTION;
        yield informative;
      }
      case LOG_LOCALITY -> {
        byte[] locality = log.clone();
        locality[boot.offset(1) - 1] = 0;
        yield locality;
      }
      default -> log;
    };
  }

  private Collateral collateral(Flaw flaw, X509Certificate certificate, Instant now) {
    Instant lately = now.minus(Duration.ofHours(1));
    Instant later = now.plus(Duration.ofDays(30));
    List<RevocationList> lists =
        switch (flaw) {
          case CERTIFICATE_REVOKED ->
              List.of(google.intermediate().revoke(lately, later, List.of(certificate)));
          case INTERMEDIATE_REVOKED ->
              List.of(
                  google
                      .root()
                      .revoke(lately, later, List.of(google.intermediate().certificate())));
          case LIST_FORGED -> List.of(foreign.intermediate().revoke(lately, later, List.of()));
          case LIST_EXPIRED ->
              List.of(google.root().revoke(now.minus(Duration.ofDays(9)), lately, List.of()));
          default -> List.of(google.intermediate().revoke(lately, later, List.of()));
        };
    return Collateral.ofRevocations(lists);
  }

  private static String base64(byte[] bytes) {
    return Bytes.of(bytes).base64();
  }

  private static byte[] flipped(byte[] bytes, int at) {
    byte[] out = bytes.clone();
    out[at] ^= 1;
    return out;
  }
}
