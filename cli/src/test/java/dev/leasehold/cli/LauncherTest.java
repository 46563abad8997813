package dev.leasehold.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.xpath.XPath;
import javax.xml.xpath.XPathFactory;
import org.junit.jupiter.api.Test;

/** What the launcher's first build, which makes no tests, needs of the project. */
class LauncherTest {
  /** Such a jar is never made there, and Maven asks for it all the same. */
  @Test
  void dependsOnJarsOfTestsOnlyWhereTestsAreBuilt() throws Exception {
    XPath xpath = XPathFactory.newInstance().newXPath();
    List<Path> poms = Repository.files().stream().filter(f -> f.endsWith("pom.xml")).toList();
    assertThat(poms).hasSizeGreaterThan(5);
    List<Path> found = new ArrayList<>();
    for (Path pom : poms) {
      var document =
          DocumentBuilderFactory.newDefaultInstance().newDocumentBuilder().parse(pom.toFile());
      if (!xpath
          .evaluate("/project/dependencies/dependency[type='test-jar']", document)
          .isEmpty()) {
        found.add(pom);
      }
    }
    assertThat(found).as("move them into a profile that -Dmaven.test.skip turns off").isEmpty();
  }
}
