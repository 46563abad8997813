package dev.leasehold.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What must never be in the repository. The patterns are written so that they miss themselves. */
class RepositoryTest {
  private static final Map<String, Pattern> FORBIDDEN =
      Map.of(
          "a path of somebody's machine",
          Pattern.compile("(?<![\\w.~$}/-])/(?:home|Users|root|work)/[\\w.-]+"),
          "the host of a package registry",
          Pattern.compile(
              "(?:repo1?|central|search)\\.maven\\.(?:apache\\.)?org|repo1?\\.maven\\.apache"
                  + "|registry\\.(?:npmjs|yarnpkg)\\.|(?:deb|security)\\.debian\\.org|pypi\\.org"
                  + "|jitpack\\.io|oss\\.sonatype\\.org"),
          "a private key",
          Pattern.compile("-----BEGIN [A-Z ]*PRIVATE KEY-----\\s*[A-Za-z0-9+/=\\s]{40}"));

  @Tag("D8")
  @Tag("D30")
  @Test
  void tracksNothingPrivate() throws Exception {
    List<String> found = new ArrayList<>();
    for (Path file : Repository.files()) {
      found.addAll(findings(file));
    }
    assertThat(found).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "see /hom" + "e/alice/model.gguf",
        "<url>https://repo.mav" + "en.apache.org/maven2</url>",
        "\"resolved\": \"https://registry.npm" + "js.org/x\"",
        "-----BEGIN PRIVATE" + " KEY-----\nMC4CAQAwBQYDK2VwBCIEIJ1hsZ3v/VpguoRK9JLsLMREScVpezJp\n"
      })
  void wouldFind(String text) {
    assertThat(FORBIDDEN.values().stream().filter(pattern -> pattern.matcher(text).find()))
        .hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "the working/work/tree",
        "${HOME}/work/x",
        "\"-----BEGIN PRIVATE" + " KEY-----\" + base64",
      })
  void wouldNotFind(String text) {
    assertThat(FORBIDDEN.values()).noneMatch(pattern -> pattern.matcher(text).find());
  }

  @Test
  void saysItsLicence() throws IOException {
    assertThat(Repository.root().resolve("LICENSE"))
        .content()
        .contains("Apache License", "Version 2.0");
    assertThat(Repository.root().resolve("NOTICE")).content().contains("Leasehold");
  }

  private static List<String> findings(Path file) throws IOException {
    String text = Files.readString(file, StandardCharsets.ISO_8859_1);
    return FORBIDDEN.entrySet().stream()
        .filter(rule -> rule.getValue().matcher(text).find())
        .map(rule -> Repository.root().relativize(file) + " holds " + rule.getKey())
        .toList();
  }
}
