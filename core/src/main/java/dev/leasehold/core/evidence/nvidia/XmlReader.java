package dev.leasehold.core.evidence.nvidia;

import dev.leasehold.core.bytes.Malformed;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;
import org.w3c.dom.Element;
import org.w3c.dom.NamedNodeMap;
import org.w3c.dom.Node;

/**
 * Reads one element of {@link StrictXml} front to back, as {@code ByteReader} does bytes: each
 * method consumes one attribute or child, and {@link #end} refuses what is left over.
 */
final class XmlReader {
  private static final String NAMESPACE_DECLARATION = "http://www.w3.org/2000/xmlns/";

  private final String path;
  private final Element element;
  private final Map<String, String> attributes = new LinkedHashMap<>();
  private final Deque<Element> children = new ArrayDeque<>();
  private final StringBuilder text = new StringBuilder();

  XmlReader(String path, Element element) {
    this.path = path;
    this.element = element;
    NamedNodeMap all = element.getAttributes();
    for (int i = 0; i < all.getLength(); i++) {
      Node a = all.item(i);
      if (!NAMESPACE_DECLARATION.equals(a.getNamespaceURI())) {
        attributes.put(name(a), a.getNodeValue());
      }
    }
    for (Node n = element.getFirstChild(); n != null; n = n.getNextSibling()) {
      if (n instanceof Element child) {
        children.add(child);
      } else {
        text.append(n.getNodeValue());
      }
    }
  }

  /** The root of a document, which must have this name. */
  static XmlReader root(String path, Element root, String namespace, String name) throws Malformed {
    requireName(path, root, namespace, name);
    return new XmlReader(path, root);
  }

  Element element() {
    return element;
  }

  /** An attribute without a namespace. */
  String attribute(String name) throws Malformed {
    return take("{}" + name);
  }

  String attribute(String namespace, String name) throws Malformed {
    return take("{" + namespace + "}" + name);
  }

  /** A decimal number from {@code min} to {@code max}, in the attribute of this name. */
  int number(String name, int min, int max) throws Malformed {
    String digits = attribute(name);
    if (digits.matches("0|[1-9][0-9]{0,5}")) {
      int value = Integer.parseInt(digits);
      if (value >= min && value <= max) {
        return value;
      }
    }
    throw new Malformed(path + "." + name, "a number from " + min + " to " + max, digits);
  }

  /** The next child, which must have this name. */
  XmlReader child(String namespace, String name) throws Malformed {
    Element next = children.poll();
    if (next == null) {
      throw new Malformed(path, "element " + name, "none");
    }
    requireName(path, next, namespace, name);
    return new XmlReader(path + "." + name, next);
  }

  boolean hasMore() {
    return !children.isEmpty();
  }

  /** The text of an element that has nothing else, without the white space in it. */
  String word() throws Malformed {
    requireNothingUnread();
    return text.toString().replaceAll("[ \\t\\r\\n]", "");
  }

  /** Everything must have been read, and nothing but white space stand between. */
  void end() throws Malformed {
    requireNothingUnread();
    requireBlank();
  }

  /** As {@link #end}, for an element with attributes that nothing depends on. */
  void endIgnoringAttributes() throws Malformed {
    attributes.clear();
    end();
  }

  private String take(String name) throws Malformed {
    String value = attributes.remove(name);
    if (value == null) {
      throw new Malformed(path, "attribute " + name, "none");
    }
    return value;
  }

  private void requireNothingUnread() throws Malformed {
    if (!attributes.isEmpty() || !children.isEmpty()) {
      String found =
          attributes.isEmpty()
              ? "element " + name(children.getFirst())
              : "attribute " + attributes.keySet().iterator().next();
      throw new Malformed(path, "nothing further", found);
    }
  }

  private void requireBlank() throws Malformed {
    if (!text.toString().isBlank()) {
      throw new Malformed(path, "no text", text.toString().strip());
    }
  }

  private static void requireName(String path, Element e, String namespace, String name)
      throws Malformed {
    String expected = "{" + namespace + "}" + name;
    if (!name(e).equals(expected)) {
      throw new Malformed(path, expected, name(e));
    }
  }

  private static String name(Node n) {
    String namespace = n.getNamespaceURI();
    return "{" + (namespace == null ? "" : namespace) + "}" + n.getLocalName();
  }
}
