package dev.leasehold.custodian;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.stream.Stream;

/** A custodian as init leaves it, made once a JVM and copied for each test. */
final class Template {
  static final Template SINGLE = new Template(1);

  private final Owner owner;
  private final Path folder;

  Template(long threshold) {
    this.owner = new Owner(System.currentTimeMillis(), threshold);
    try {
      this.folder = Files.createTempDirectory("custodian-template");
      Custodian.init(
          folder,
          List.of(owner.approver.key(), owner.second.key()),
          threshold,
          "custodian.example/log",
          List.of("localhost", "127.0.0.1"));
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  /** Two approvers must sign to grant. */
  static final class Two {
    static final Template TWO = new Template(2);

    private Two() {}
  }

  Owner owner() {
    return owner;
  }

  void copyTo(Path target) throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path p : all.toList()) {
        Files.copy(p, target.resolve(folder.relativize(p)), StandardCopyOption.COPY_ATTRIBUTES);
      }
    }
  }
}
