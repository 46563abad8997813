package dev.leasehold.core.evidence.dcap;

import dev.leasehold.core.bytes.HexBytes;
import dev.leasehold.core.bytes.Malformed;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Set;

/**
 * Which quoting enclave Intel vouches for (Intel PCS API, enclave identity version 2): what a QE's
 * own report must say for the quotes it signs to mean anything.
 */
public final class QeIdentity extends IntelStatement {
  private static final Set<String> IDS = Set.of("QE", "TD_QE");

  private final Content content;

  private record Content(
      HexBytes miscSelect,
      HexBytes miscSelectMask,
      HexBytes attributes,
      HexBytes attributesMask,
      HexBytes mrSigner,
      int isvProdId,
      List<IsvSvnLevel> levels) {}

  private QeIdentity(Signed signed, Header header, Content content) {
    super(signed, header);
    this.content = content;
  }

  /** As {@link TcbInfo#parse}. */
  public static QeIdentity parse(
      String field, byte[] exactJson, byte[] rawSignature, List<X509Certificate> issuerChain)
      throws Malformed {
    IntelObject o = IntelObject.parse(field, exactJson);
    int version = (int) o.integer("version", Integer.MAX_VALUE);
    if (version != 2) {
      throw new Malformed(o.at("version"), "2", Integer.toString(version));
    }
    String id = o.text("id");
    if (!IDS.contains(id)) {
      throw new Malformed(o.at("id"), "QE or TD_QE", id);
    }
    Content content =
        new Content(
            o.hex("miscselect", 4),
            o.hex("miscselectMask", 4),
            o.hex("attributes", 16),
            o.hex("attributesMask", 16),
            o.hex("mrsigner", 32),
            (int) o.integer("isvprodid", 0xffff),
            IsvSvnLevel.parseAll(o, 0xffff));
    return new QeIdentity(
        Signed.of(field, exactJson, rawSignature, issuerChain), o.header(id, version), content);
  }

  /** MISCSELECT under the mask, in the order of a report's bytes. */
  public HexBytes miscSelect() {
    return content.miscSelect();
  }

  public HexBytes miscSelectMask() {
    return content.miscSelectMask();
  }

  /** ATTRIBUTES under the mask, in the order of a report's bytes. */
  public HexBytes attributes() {
    return content.attributes();
  }

  public HexBytes attributesMask() {
    return content.attributesMask();
  }

  public HexBytes mrSigner() {
    return content.mrSigner();
  }

  public int isvProdId() {
    return content.isvProdId();
  }

  /** Newest first. */
  public List<IsvSvnLevel> levels() {
    return content.levels();
  }

  @Override
  public String name() {
    return "QE identity " + id();
  }

  /** As {@link TcbInfo#among}. */
  public QeIdentity among(List<X509Certificate> certificates) {
    Signed more = signed().among(certificates);
    return more.equals(signed()) ? this : new QeIdentity(more, header(), content);
  }
}
