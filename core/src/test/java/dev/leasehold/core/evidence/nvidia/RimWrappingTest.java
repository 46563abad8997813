package dev.leasehold.core.evidence.nvidia;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.leasehold.core.bytes.Malformed;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * Published attacks on XML signatures, each starting from genuinely signed reference values: the
 * attacker moves what is signed out of sight, refers elsewhere, lets a transform drop what differs,
 * or brings a key of his own.
 */
class RimWrappingTest {
  private static final Instant INSIDE = Instant.parse("2025-06-01T00:00:00Z");
  private static final String GENUINE =
      new String(NvidiaVectors.bytes("h100-550.driver-rim.xml"), StandardCharsets.US_ASCII);
  private static final String ROOT = "<SoftwareIdentity ";
  private static final String END = "</SoftwareIdentity>";
  private static final String SIGNATURE =
      GENUINE.substring(GENUINE.indexOf("<ds:Signature "), GENUINE.indexOf(END));
  private static final String UNSIGNED = GENUINE.replace(SIGNATURE, "");
  private static final String EVIL = UNSIGNED.replace("80161aac5e7509f0", "00161aac5e7509f0");
  private static final String EVIL_SIGNED = GENUINE.replace("80161aac5e7509f0", "00161aac5e7509f0");
  private static final String OBJECT = "http://www.w3.org/2000/09/xmldsig#";

  @Test
  void theStartingPointIsGenuine() throws Malformed {
    assertThat(refusedFor(GENUINE)).isEqualTo("ok");
    assertThat(EVIL).isNotEqualTo(UNSIGNED);
    assertThat(refusedFor(EVIL_SIGNED)).isEqualTo("driver-rim-signature");
  }

  @TestFactory
  Stream<DynamicTest> isRefused() {
    return attacks().entrySet().stream()
        .map(a ->
            DynamicTest.dynamicTest(
                a.getKey(),
                () -> {
                  assertThat(a.getValue()).isNotEqualTo(GENUINE);
                  assertThatThrownBy(() -> requireGenuine(a.getValue()))
                      .isInstanceOf(Malformed.class);
                }));
  }

  private static Map<String, String> attacks() {
    Map<String, String> out = new LinkedHashMap<>();
    out.put(
        "signed element moved into the signature's Object",
        in(
            EVIL,
            SIGNATURE.replace(
                "</ds:KeyInfo>", "</ds:KeyInfo><ds:Object>" + UNSIGNED + "</ds:Object>")));
    out.put("signed document as a child of another root", in(EVIL, GENUINE));
    out.put(
        "other root as a child of the signed one",
        GENUINE.replace("<ns0:Payload", EVIL + "<ns0:Payload"));
    out.put("two roots", GENUINE + EVIL);
    out.put("second payload before the signed one", payloadTwice(true));
    out.put("second payload after the signed one", payloadTwice(false));
    out.put(
        "payload inside the signature",
        in(
            without(EVIL, "Payload"),
            SIGNATURE.replace("<ds:KeyInfo>", payload(EVIL) + "<ds:KeyInfo>")));
    out.put(
        "second Meta",
        GENUINE.replace(
            "<ns0:Payload", meta(GENUINE).replace("550.90.07", "560.00.00") + "<ns0:Payload"));
    out.put("second signature", GENUINE.replace(END, SIGNATURE + END));
    out.put(
        "signature not at the end",
        GENUINE.replace(SIGNATURE, "").replace("<ns0:Payload", SIGNATURE + "<ns0:Payload"));
    out.put(
        "signature inside the payload",
        UNSIGNED.replace("</ns0:Payload>", SIGNATURE + "</ns0:Payload>"));
    out.put("no signature", UNSIGNED);
    out.put("reference by identifier", GENUINE.replace("URI=\"\"", "URI=\"#signed\""));
    out.put("reference by XPointer", GENUINE.replace("URI=\"\"", "URI=\"#xpointer(/)\""));
    out.put(
        "reference by XPointer to an identifier",
        GENUINE.replace("URI=\"\"", "URI=\"#xpointer(id('signed'))\""));
    out.put("reference to a file", GENUINE.replace("URI=\"\"", "URI=\"file:///etc/passwd\""));
    out.put("reference without URI", GENUINE.replace(" URI=\"\"", ""));
    out.put(
        "second reference", GENUINE.replace("</ds:SignedInfo>", reference() + "</ds:SignedInfo>"));
    out.put("no reference", GENUINE.replace(reference(), ""));
    out.put("identifier on the root", GENUINE.replace(ROOT, ROOT + "Id=\"signed\" "));
    out.put(
        "xml:id on the payload",
        GENUINE.replace("<ns0:Payload ", "<ns0:Payload xml:id=\"signed\" "));
    out.put(
        "identifier on the signature",
        GENUINE.replace("<ds:SignedInfo>", "<ds:SignedInfo Id=\"s\">"));
    out.put("document type", "<!DOCTYPE SoftwareIdentity>" + GENUINE);
    out.put(
        "document type that declares an identifier",
        "<!DOCTYPE SoftwareIdentity [<!ATTLIST SoftwareIdentity name ID #IMPLIED>]>" + GENUINE);
    out.put(
        "external entity",
        "<!DOCTYPE r [<!ENTITY x SYSTEM \"file:///etc/passwd\">]>"
            + GENUINE.replace("edition=\"GPU\"", "edition=\"&x;\""));
    out.put(
        "external document type", "<!DOCTYPE r SYSTEM \"http://localhost:9/evil.dtd\">" + GENUINE);
    out.put(
        "billion laughs",
        "<!DOCTYPE r [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;\"><!ENTITY c \"&b;&b;&b;\">]>"
            + GENUINE.replace("edition=\"GPU\"", "edition=\"&c;\""));
    out.put("undeclared entity", GENUINE.replace("edition=\"GPU\"", "edition=\"&x;\""));
    out.put(
        "comment in a value's element",
        GENUINE.replace("</ns0:Payload>", "<!-- --></ns0:Payload>"));
    out.put(
        "comment in the digest", GENUINE.replace("<ds:DigestValue>", "<ds:DigestValue><!--x-->"));
    out.put("processing instruction", GENUINE.replace("<ns0:Payload", "<?x y?><ns0:Payload"));
    out.put("processing instruction before the root", "<?xml-stylesheet href=\"x\"?>" + GENUINE);
    out.put("CDATA section", GENUINE.replace("</ns0:Payload>", "<![CDATA[ ]]></ns0:Payload>"));
    out.put(
        "other encoding",
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>"
            + GENUINE
                .replace("Santa", "Sant\u00e4")
                .replace("edition=\"GPU\"", "edition=\"G\u00dc\""));
    out.put("XSLT transform", transform("http://www.w3.org/TR/1999/REC-xslt-19991116"));
    out.put("XPath transform", transform("http://www.w3.org/TR/1999/REC-xpath-19991116"));
    out.put("XPath filter transform", transform("http://www.w3.org/2002/06/xmldsig-filter2"));
    out.put("base64 transform", transform(OBJECT + "base64"));
    out.put(
        "XPath expression in a transform",
        GENUINE.replace(
            "Algorithm=\"http://www.w3.org/2000/09/xmldsig#enveloped-signature\"/>",
            "Algorithm=\"http://www.w3.org/2000/09/xmldsig#enveloped-signature\"><ds:XPath>false()</ds:XPath></ds:Transform>"));
    out.put(
        "third transform",
        GENUINE.replace(
            "</ds:Transforms>",
            "<ds:Transform Algorithm=\"http://www.w3.org/2006/12/xml-c14n11\"/></ds:Transforms>"));
    out.put("no transforms", GENUINE.replaceAll("<ds:Transforms>.*</ds:Transforms>", ""));
    out.put(
        "canonicalisation with comments",
        GENUINE.replace(
            "xml-c14n11\"/><ds:SignatureMethod", "xml-c14n11#WithComments\"/><ds:SignatureMethod"));
    out.put(
        "exclusive canonicalisation",
        GENUINE.replace(
            "http://www.w3.org/2006/12/xml-c14n11", "http://www.w3.org/2001/10/xml-exc-c14n#"));
    out.put("HMAC", method("http://www.w3.org/2000/09/xmldsig#hmac-sha1"));
    out.put(
        "HMAC cut to no bits",
        GENUINE.replaceAll(
            "<ds:SignatureMethod [^>]*>",
            "<ds:SignatureMethod Algorithm=\"http://www.w3.org/2001/04/xmldsig-more#hmac-sha384\"><ds:HMACOutputLength>0</ds:HMACOutputLength></ds:SignatureMethod>"));
    out.put("RSA", method("http://www.w3.org/2001/04/xmldsig-more#rsa-sha384"));
    out.put("ECDSA with SHA-1", method("http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha1"));
    out.put(
        "digest SHA-1",
        GENUINE
            .replace("xmldsig-more#sha384", "xmldsig#sha1")
            .replace(
                "http://www.w3.org/2001/04/xmldsig#sha1",
                "http://www.w3.org/2000/09/xmldsig#sha1"));
    out.put(
        "key from KeyValue",
        keyInfo(k -> k.replace("<ds:X509Data>", "<ds:KeyValue/><ds:X509Data>")));
    out.put("key from KeyValue alone", keyInfo(_ -> "<ds:KeyInfo><ds:KeyValue/></ds:KeyInfo>"));
    out.put(
        "key by name",
        keyInfo(k -> k.replace("<ds:X509Data>", "<ds:KeyName>x</ds:KeyName><ds:X509Data>")));
    out.put(
        "key by retrieval",
        keyInfo(k -> k.replace("<ds:X509Data>", "<ds:RetrievalMethod URI=\"#k\"/><ds:X509Data>")));
    out.put(
        "two X509Data", keyInfo(k -> k.replace("</ds:KeyInfo>", "<ds:X509Data/></ds:KeyInfo>")));
    out.put(
        "issuer and serial in X509Data",
        keyInfo(k ->
            k.replace(
                "<ds:X509Data>", "<ds:X509Data><ds:X509SubjectName>CN=x</ds:X509SubjectName>")));
    out.put("no certificate", keyInfo(_ -> "<ds:KeyInfo><ds:X509Data/></ds:KeyInfo>"));
    out.put("no KeyInfo", keyInfo(_ -> ""));
    out.put(
        "Object in the signature",
        GENUINE.replace("</ds:Signature>", "<ds:Object/></ds:Signature>"));
    out.put(
        "Manifest in the signature",
        GENUINE.replace("</ds:Signature>", "<ds:Object><ds:Manifest/></ds:Object></ds:Signature>"));
    out.put(
        "signature of another namespace",
        GENUINE.replace(
            "http://www.w3.org/2000/09/xmldsig#\"><ds:SignedInfo",
            "http://www.w3.org/2000/09/xmldsig\"><ds:SignedInfo"));
    out.put(
        "payload of another namespace",
        GENUINE.replace("<ns0:Payload ", "<ns0:Payload xmlns:ns0=\"urn:other\" "));
    out.put(
        "values without namespace",
        GENUINE.replace(
            "ns2:Hash0=\"80161aac5e75", "Hash0=\"00161aac5e75\" ns2:Hash0=\"80161aac5e75"));
    out.put(
        "value under another prefix",
        GENUINE.replace(
            "ns2:Hash0=\"80161aac5e75",
            "xmlns:n=\"urn:x\" n:Hash0=\"00161aac5e75\" ns2:Hash0=\"80161aac5e75"));
    out.put("index twice", GENUINE.replace("index=\"8\"", "index=\"7\""));
    out.put(
        "element in a resource",
        GENUINE.replace(
            "name=\"Measurement_7\" size=\"48\"/>",
            "name=\"Measurement_7\" size=\"48\"><x/></ns0:Resource>"));
    return out;
  }

  private static void requireGenuine(String xml) throws Malformed {
    String refused = refusedFor(xml);
    assertThat(refused).as("read as a manifest at all").isEqualTo("malformed");
  }

  private static String refusedFor(String xml) throws Malformed {
    byte[] bytes = xml.getBytes(StandardCharsets.UTF_8);
    return NvidiaRimVectorsTest.refusedFor(NvidiaRim.parse("RIM", bytes), INSIDE);
  }

  private static String in(String document, String last) {
    return document.replace(END, last + END);
  }

  private static String payload(String document) {
    return document.substring(document.indexOf("<ns0:Payload"), document.indexOf("</ns0:Payload>"))
        + "</ns0:Payload>";
  }

  private static String meta(String document) {
    int from = document.indexOf("<ns0:Meta");
    return document.substring(from, document.indexOf("/>", from) + 2);
  }

  private static String without(String document, String element) {
    return element.equals("Payload") ? document.replace(payload(document), "") : document;
  }

  private static String payloadTwice(boolean first) {
    return first
        ? GENUINE.replace("<ns0:Payload", payload(EVIL) + "<ns0:Payload")
        : GENUINE.replace("</ns0:Payload>", "</ns0:Payload>" + payload(EVIL));
  }

  private static String reference() {
    return GENUINE.substring(GENUINE.indexOf("<ds:Reference"), GENUINE.indexOf("</ds:SignedInfo>"));
  }

  private static String transform(String algorithm) {
    return GENUINE.replaceFirst(
        "<ds:Transform Algorithm=\"[^\"]*\"", "<ds:Transform Algorithm=\"" + algorithm + "\"");
  }

  private static String method(String algorithm) {
    return GENUINE.replaceAll(
        "<ds:SignatureMethod [^>]*>", "<ds:SignatureMethod Algorithm=\"" + algorithm + "\"/>");
  }

  private static String keyInfo(UnaryOperator<String> change) {
    String keyInfo =
        GENUINE.substring(GENUINE.indexOf("<ds:KeyInfo>"), GENUINE.indexOf("</ds:Signature>"));
    return GENUINE.replace(keyInfo, change.apply(keyInfo));
  }
}
