package dev.leasehold.testkit.nvidia;

import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import javax.xml.crypto.MarshalException;
import javax.xml.crypto.dsig.Reference;
import javax.xml.crypto.dsig.SignedInfo;
import javax.xml.crypto.dsig.Transform;
import javax.xml.crypto.dsig.XMLSignatureException;
import javax.xml.crypto.dsig.XMLSignatureFactory;
import javax.xml.crypto.dsig.dom.DOMSignContext;
import javax.xml.crypto.dsig.keyinfo.KeyInfo;
import javax.xml.crypto.dsig.keyinfo.KeyInfoFactory;
import javax.xml.crypto.dsig.spec.C14NMethodParameterSpec;
import javax.xml.crypto.dsig.spec.TransformParameterSpec;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import javax.xml.transform.OutputKeys;
import javax.xml.transform.Transformer;
import javax.xml.transform.TransformerException;
import javax.xml.transform.TransformerFactory;
import javax.xml.transform.dom.DOMSource;
import javax.xml.transform.stream.StreamResult;
import org.jspecify.annotations.Nullable;
import org.w3c.dom.Document;
import org.xml.sax.InputSource;
import org.xml.sax.SAXException;

/** Reference values as they will be signed. */
final class RimImage {
  /** NVIDIA's number among private enterprises, as its reference values write it. */
  static final String NVIDIA_ID = "5703";

  private static final String SWID = "http://standards.iso.org/iso/19770/-2/2015/schema.xsd";
  private static final String VALUES = "http://www.w3.org/2001/04/xmlenc#sha384";
  private static final String TCG =
      "https://trustedcomputinggroup.org/resource/tcg-reference-integrity-manifest-rim-information-model/";
  private static final String C14N_1_1 = "http://www.w3.org/2006/12/xml-c14n11";
  private static final String SHA384 = "http://www.w3.org/2001/04/xmldsig-more#sha384";
  private static final String ECDSA_SHA384 = "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha384";

  private static final int INDICES = 64;

  private final String product;
  private final String version;
  private final String manufacturerId;
  private final Map<Integer, List<byte[]>> active = new TreeMap<>();

  RimImage(String product, String version, String manufacturerId) {
    this.product = product;
    this.version = version;
    this.manufacturerId = manufacturerId;
  }

  RimImage expect(int index, byte[]... alternatives) {
    active.put(index, List.of(alternatives));
    return this;
  }

  /** Signed in the shape NVIDIA gives it, with these certificates beside. */
  String sign(PrivateKey key, List<X509Certificate> certificates) {
    try {
      Document document = document();
      DOMSignContext context = new DOMSignContext(key, document.getDocumentElement());
      context.setDefaultNamespacePrefix("ds");
      XMLSignatureFactory factory = XMLSignatureFactory.getInstance("DOM");
      KeyInfoFactory keys = factory.getKeyInfoFactory();
      KeyInfo keyInfo = keys.newKeyInfo(List.of(keys.newX509Data(certificates)));
      factory.newXMLSignature(signedInfo(factory), keyInfo).sign(context);
      return text(document);
    } catch (GeneralSecurityException
        | MarshalException
        | XMLSignatureException
        | TransformerException e) {
      throw new IllegalStateException(e);
    }
  }

  private static SignedInfo signedInfo(XMLSignatureFactory factory)
      throws GeneralSecurityException {
    @Nullable TransformParameterSpec none = null;
    @Nullable C14NMethodParameterSpec plain = null;
    Reference whole =
        factory.newReference(
            "",
            factory.newDigestMethod(SHA384, null),
            List.of(
                factory.newTransform(Transform.ENVELOPED, none),
                factory.newTransform(C14N_1_1, none)),
            null,
            null);
    return factory.newSignedInfo(
        factory.newCanonicalizationMethod(C14N_1_1, plain),
        factory.newSignatureMethod(ECDSA_SHA384, null),
        List.of(whole));
  }

  private Document document() {
    try {
      return DocumentBuilderFactory.newDefaultNSInstance()
          .newDocumentBuilder()
          .parse(new InputSource(new StringReader(xml())));
    } catch (SAXException | IOException | ParserConfigurationException e) {
      throw new IllegalStateException(e);
    }
  }

  private String xml() {
    StringBuilder resources = new StringBuilder();
    for (int i = 0; i < INDICES; i++) {
      resources.append(resource(i, active.get(i)));
    }
    return """
    <SoftwareIdentity xmlns="%s" name="%s" tagId="SIMULATED-%s">
    <Entity name="NVIDIA Corporation" role="softwareCreator tagCreator"/>
    <Meta xmlns:t="%s" colloquialVersion="%s" product="%s" t:PlatformManufacturerId="5703" t:FirmwareManufacturerId="%s"/>
    <Payload xmlns:h="%s">
    %s</Payload>
    </SoftwareIdentity>
    """
        .formatted(
            SWID, product, version, TCG, version, product, manufacturerId, VALUES, resources);
  }

  private static String resource(int index, @Nullable List<byte[]> expected) {
    List<byte[]> values = expected == null ? List.of(new byte[48]) : expected;
    StringBuilder hashes = new StringBuilder();
    for (int n = 0; n < values.size(); n++) {
      hashes.append(" h:Hash%d=\"%s\"".formatted(n, HexFormat.of().formatHex(values.get(n))));
    }
    return """
    <Resource type="Measurement" index="%d" active="%s" alternatives="%d"%s name="Measurement_%d" size="%d"/>
    """
        .formatted(
            index,
            expected == null ? "False" : "True",
            values.size(),
            hashes,
            index,
            values.getFirst().length);
  }

  private static String text(Document document) throws TransformerException {
    Transformer t = TransformerFactory.newDefaultInstance().newTransformer();
    t.setOutputProperty(OutputKeys.OMIT_XML_DECLARATION, "yes");
    t.setOutputProperty(OutputKeys.ENCODING, StandardCharsets.US_ASCII.name());
    StringWriter out = new StringWriter();
    t.transform(new DOMSource(document), new StreamResult(out));
    return out.toString();
  }
}
