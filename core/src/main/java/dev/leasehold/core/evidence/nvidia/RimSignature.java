package dev.leasehold.core.evidence.nvidia;

import dev.leasehold.core.bytes.Bytes;
import dev.leasehold.core.bytes.Malformed;
import dev.leasehold.core.pki.Certificates;
import dev.leasehold.core.pki.Ecdsa;
import java.security.NoSuchProviderException;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import javax.xml.crypto.MarshalException;
import javax.xml.crypto.dsig.XMLSignatureException;
import javax.xml.crypto.dsig.XMLSignatureFactory;
import javax.xml.crypto.dsig.dom.DOMValidateContext;
import org.w3c.dom.Element;

/**
 * The signature over reference values (W3C XML Signature 1.1) in the one shape NVIDIA gives it: it
 * stands in the root element and covers all of that but itself. Every algorithm and every transform
 * is compared with the one expected and never obeyed, and no key is taken from the document.
 *
 * @param certificates of KeyInfo, the signer's first: candidates and nothing more
 */
record RimSignature(Element element, List<X509Certificate> certificates) {
  static final String NAMESPACE = "http://www.w3.org/2000/09/xmldsig#";

  private static final String C14N_1_1 = "http://www.w3.org/2006/12/xml-c14n11";
  private static final String ENVELOPED = NAMESPACE + "enveloped-signature";
  private static final String SHA384 = "http://www.w3.org/2001/04/xmldsig-more#sha384";
  private static final String ECDSA_SHA384 = "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha384";
  private static final int SHA384_BYTES = 48;
  private static final int SIGNATURE_BYTES = 96;
  private static final int MAX_CERTIFICATES = 8;

  RimSignature {
    certificates = List.copyOf(certificates);
  }

  static RimSignature read(XmlReader signature) throws Malformed {
    signedInfo(signature.child(NAMESPACE, "SignedInfo"));
    base64("SignatureValue", signature.child(NAMESPACE, "SignatureValue"), SIGNATURE_BYTES);
    List<X509Certificate> certificates = keyInfo(signature.child(NAMESPACE, "KeyInfo"));
    signature.end();
    return new RimSignature(signature.element(), certificates);
  }

  /** Whether {@code key}, proven by its certificate already, has signed the document. */
  boolean verifies(PublicKey key) {
    DOMValidateContext context = new DOMValidateContext(key, element);
    context.setProperty("org.jcp.xml.dsig.secureValidation", true);
    context.setProperty("org.jcp.xml.dsig.internal.dom.SignatureProvider", Ecdsa.PROVIDER);
    try {
      return XMLSignatureFactory.getInstance("DOM", "XMLDSig")
          .unmarshalXMLSignature(context)
          .validate(context);
    } catch (MarshalException | XMLSignatureException e) {
      return false;
    } catch (NoSuchProviderException e) {
      throw new IllegalStateException("the JDK has no XML signatures", e);
    }
  }

  private static void signedInfo(XmlReader in) throws Malformed {
    algorithm(in, "CanonicalizationMethod", C14N_1_1);
    algorithm(in, "SignatureMethod", ECDSA_SHA384);
    XmlReader reference = in.child(NAMESPACE, "Reference");
    String uri = reference.attribute("URI");
    if (!uri.isEmpty()) {
      throw new Malformed("Reference.URI", "empty: the whole document", uri);
    }
    XmlReader transforms = reference.child(NAMESPACE, "Transforms");
    algorithm(transforms, "Transform", ENVELOPED);
    algorithm(transforms, "Transform", C14N_1_1);
    transforms.end();
    algorithm(reference, "DigestMethod", SHA384);
    base64("DigestValue", reference.child(NAMESPACE, "DigestValue"), SHA384_BYTES);
    reference.end();
    in.end();
  }

  private static List<X509Certificate> keyInfo(XmlReader in) throws Malformed {
    XmlReader data = in.child(NAMESPACE, "X509Data");
    in.end();
    List<byte[]> out = new ArrayList<>();
    do {
      String text = data.child(NAMESPACE, "X509Certificate").word();
      out.add(Bytes.fromBase64("X509Certificate", text).toArray());
    } while (data.hasMore() && out.size() < MAX_CERTIFICATES);
    data.end();
    return Certificates.parseAll("X509Certificate", out);
  }

  private static void algorithm(XmlReader in, String name, String expected) throws Malformed {
    XmlReader method = in.child(NAMESPACE, name);
    String found = method.attribute("Algorithm");
    method.end();
    if (!found.equals(expected)) {
      throw new Malformed(name, expected, found);
    }
  }

  private static void base64(String name, XmlReader in, int length) throws Malformed {
    int found = Bytes.fromBase64(name, in.word()).length();
    if (found != length) {
      throw new Malformed(name, length + " bytes", found + " bytes");
    }
  }
}
