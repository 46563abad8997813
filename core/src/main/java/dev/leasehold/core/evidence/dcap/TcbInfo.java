package dev.leasehold.core.evidence.dcap;

import dev.leasehold.core.bytes.HexBytes;
import dev.leasehold.core.bytes.Malformed;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Intel's TCB info of one family of platforms (Intel PCS API, TCB info version 2 of its API version
 * 3 and version 3 of its API version 4).
 */
public final class TcbInfo extends IntelStatement {
  private static final String SGX = "SGX";
  private static final String TDX = "TDX";
  private static final int MAX_MODULES = 32;
  private static final int MAX_SVN = 0xff;

  private final Content content;

  private record Content(
      HexBytes fmspc,
      HexBytes pceId,
      Optional<TdxModule> module,
      List<TdxModuleIdentity> moduleIdentities,
      List<TcbLevel> levels) {}

  private TcbInfo(Signed signed, Header header, Content content) {
    super(signed, header);
    this.content = content;
  }

  /**
   * Reads a TCB info.
   *
   * @param field names it in errors
   * @param exactJson as Intel signed it, byte for byte
   * @param rawSignature {@code r ‖ s}
   * @param issuerChain signer first; empty when it has to be found among other certificates
   */
  public static TcbInfo parse(
      String field, byte[] exactJson, byte[] rawSignature, List<X509Certificate> issuerChain)
      throws Malformed {
    IntelObject o = IntelObject.parse(field, exactJson);
    int version = (int) o.integer("version", Integer.MAX_VALUE);
    if (version != 2 && version != 3) {
      throw new Malformed(o.at("version"), "2 or 3", Integer.toString(version));
    }
    String id = id(o, version);
    return new TcbInfo(
        Signed.of(field, exactJson, rawSignature, issuerChain),
        o.header(id, version),
        content(o, id, version));
  }

  public HexBytes fmspc() {
    return content.fmspc();
  }

  public HexBytes pceId() {
    return content.pceId();
  }

  /** The module of TDX 1.0; present for TDX. */
  public Optional<TdxModule> module() {
    return content.module();
  }

  /** The modules of TDX 1.5, by major version. */
  public List<TdxModuleIdentity> moduleIdentities() {
    return content.moduleIdentities();
  }

  /** The module whose TEE_TCB_SVN[1] is this. */
  public Optional<TdxModuleIdentity> moduleIdentity(int majorVersion) {
    String id = TdxModuleIdentity.idOf(majorVersion);
    return content.moduleIdentities().stream().filter(m -> m.id().equals(id)).findFirst();
  }

  /** Newest first. */
  public List<TcbLevel> levels() {
    return content.levels();
  }

  @Override
  public String name() {
    return "TCB info " + id() + " " + fmspc();
  }

  /** This, with the signer's certificate sought among these too when none was served with it. */
  public TcbInfo among(List<X509Certificate> certificates) {
    Signed more = signed().among(certificates);
    return more.equals(signed()) ? this : new TcbInfo(more, header(), content);
  }

  /** Version 2 was for SGX alone and had no id. */
  private static String id(IntelObject o, int version) throws Malformed {
    if (version == 2 && !o.has("id")) {
      return SGX;
    }
    String id = o.text("id");
    if (id.equals(SGX) || (id.equals(TDX) && version == 3)) {
      return id;
    }
    throw new Malformed(o.at("id"), version == 2 ? SGX : SGX + " or " + TDX, id);
  }

  private static Content content(IntelObject o, String id, int version) throws Malformed {
    // Type 0 says that components are compared one by one; no other comparison is defined.
    o.integer("tcbType", 0);
    boolean tdx = id.equals(TDX);
    return new Content(
        o.hex("fmspc", 6),
        o.hex("pceId", 2),
        tdx ? Optional.of(TdxModule.parse(o.object("tdxModule"))) : Optional.empty(),
        tdx ? moduleIdentities(o) : List.of(),
        levels(o, tdx, version));
  }

  private static List<TdxModuleIdentity> moduleIdentities(IntelObject o) throws Malformed {
    String key = "tdxModuleIdentities";
    List<TdxModuleIdentity> out = new ArrayList<>();
    if (o.has(key)) {
      for (IntelObject m : o.objects(key, MAX_MODULES)) {
        TdxModuleIdentity identity = TdxModuleIdentity.parse(m);
        if (out.stream().anyMatch(other -> other.id().equals(identity.id()))) {
          throw new Malformed(m.at("id"), "each module once", identity.id() + " twice");
        }
        out.add(identity);
      }
    }
    return List.copyOf(out);
  }

  private static List<TcbLevel> levels(IntelObject o, boolean tdx, int version) throws Malformed {
    List<TcbLevel> out = new ArrayList<>();
    for (IntelObject level : o.objects("tcbLevels", IntelObject.MAX_LEVELS)) {
      IntelObject tcb = level.object("tcb");
      out.add(
          new TcbLevel(
              version == 2 ? componentsV2(tcb) : components(tcb, "sgxtcbcomponents"),
              tdx ? components(tcb, "tdxtcbcomponents") : List.of(),
              (int) tcb.integer("pcesvn", 0xffff),
              level.instant("tcbDate"),
              TcbStatus.parse(
                  level.at("tcbStatus"), level.text("tcbStatus"), TcbStatus.OF_PLATFORMS),
              level.advisories()));
    }
    out.sort(TcbLevel.NEWEST_FIRST);
    return List.copyOf(out);
  }

  private static List<Integer> components(IntelObject tcb, String key) throws Malformed {
    List<IntelObject> items = tcb.objects(key, TcbLevel.COMPONENTS);
    if (items.size() != TcbLevel.COMPONENTS) {
      throw new Malformed(
          tcb.at(key), TcbLevel.COMPONENTS + " components", items.size() + " components");
    }
    List<Integer> out = new ArrayList<>();
    for (IntelObject item : items) {
      out.add((int) item.integer("svn", MAX_SVN));
    }
    return out;
  }

  private static List<Integer> componentsV2(IntelObject tcb) throws Malformed {
    List<Integer> out = new ArrayList<>();
    for (int i = 1; i <= TcbLevel.COMPONENTS; i++) {
      String key = String.format(Locale.ROOT, "sgxtcbcomp%02dsvn", i);
      out.add((int) tcb.integer(key, MAX_SVN));
    }
    return out;
  }
}
