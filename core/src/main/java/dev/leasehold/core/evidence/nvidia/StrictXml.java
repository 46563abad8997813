package dev.leasehold.core.evidence.nvidia;

import dev.leasehold.core.bytes.Malformed;
import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import javax.xml.XMLConstants;
import javax.xml.parsers.DocumentBuilder;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NamedNodeMap;
import org.w3c.dom.Node;
import org.xml.sax.InputSource;
import org.xml.sax.SAXException;
import org.xml.sax.helpers.DefaultHandler;

/**
 * Parses XML that consists of elements, attributes and text alone: no document type, hence no
 * entities; no comments, which canonicalisation drops; no identifiers that a signature could refer
 * to. It is ASCII, so that no declared encoding can make other characters of the same bytes.
 */
final class StrictXml {
  /** Ten times what NVIDIA serves. */
  private static final int MAX_BYTES = 256 * 1024;

  private StrictXml() {}

  /** The root element of a document of its own, which nobody else refers to. */
  static Element root(String field, byte[] bytes) throws Malformed {
    Document document;
    try {
      document = builder().parse(new InputSource(new StringReader(ascii(field, bytes))));
    } catch (SAXException e) {
      throw new Malformed(field, "XML without a document type", String.valueOf(e.getMessage()));
    } catch (IOException e) {
      throw new IllegalStateException("a text in memory cannot be read", e);
    }
    requirePlain(field, document);
    return document.getDocumentElement();
  }

  private static String ascii(String field, byte[] bytes) throws Malformed {
    if (bytes.length > MAX_BYTES) {
      throw new Malformed(field, "at most " + MAX_BYTES + " bytes", bytes.length + " bytes");
    }
    for (byte b : bytes) {
      boolean space = b == '\t' || b == '\n' || b == '\r';
      if (!space && (b < 0x20 || b == 0x7f)) {
        throw new Malformed(field, "ASCII", "byte 0x" + Integer.toHexString(b & 0xff));
      }
    }
    String text = new String(bytes, StandardCharsets.US_ASCII);
    if (!text.startsWith("<") || !text.matches("(?s).*>\\n*")) {
      throw new Malformed(field, "markup and only line feeds after it", "something else");
    }
    return text;
  }

  private static DocumentBuilder builder() {
    DocumentBuilderFactory factory = DocumentBuilderFactory.newDefaultNSInstance();
    try {
      factory.setFeature(XMLConstants.FEATURE_SECURE_PROCESSING, true);
      factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
      factory.setAttribute(XMLConstants.ACCESS_EXTERNAL_DTD, "");
      factory.setAttribute(XMLConstants.ACCESS_EXTERNAL_SCHEMA, "");
      factory.setXIncludeAware(false);
      DocumentBuilder builder = factory.newDocumentBuilder();
      // The default handler writes to the error stream.
      builder.setErrorHandler(new DefaultHandler());
      return builder;
    } catch (ParserConfigurationException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void requirePlain(String field, Document document) throws Malformed {
    Deque<Node> open = new ArrayDeque<>();
    open.push(document);
    while (!open.isEmpty()) {
      Node parent = open.pop();
      for (Node n = parent.getFirstChild(); n != null; n = n.getNextSibling()) {
        if (n.getNodeType() == Node.ELEMENT_NODE) {
          requireNoIdentifier(field, n.getAttributes());
          open.push(n);
        } else if (n.getNodeType() != Node.TEXT_NODE) {
          throw new Malformed(field, "elements and text alone", n.getNodeName());
        }
      }
    }
  }

  private static void requireNoIdentifier(String field, NamedNodeMap attributes) throws Malformed {
    for (int i = 0; i < attributes.getLength(); i++) {
      if (attributes.item(i).getLocalName().equalsIgnoreCase("id")) {
        throw new Malformed(field, "no element with an identifier", attributes.item(i).toString());
      }
    }
  }
}
