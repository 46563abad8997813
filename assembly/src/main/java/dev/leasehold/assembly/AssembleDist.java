package dev.leasehold.assembly;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Lays out the host-side programs: {@code lib/} is the production class path, {@code demo-lib/}
 * what only the {@code demo} verb adds (the testkit, protocol §17), {@code models/} what it lends.
 */
public final class AssembleDist {
  private AssembleDist() {}

  /**
   * Copies the class paths into a folder that is emptied first.
   *
   * @param args production class path, class path with the testkit, folder to lay out, models
   */
  public static void main(String[] args) throws IOException {
    List<Path> production = Folders.classPath(args[0]);
    Set<Path> demoOnly = new HashSet<>(Folders.classPath(args[1]));
    production.forEach(demoOnly::remove);
    Path dist = Path.of(args[2]);
    Folders.empty(dist);
    copy(production, Files.createDirectory(dist.resolve("lib")));
    copy(demoOnly, Files.createDirectory(dist.resolve("demo-lib")));
    copy(Folders.classPath(args[3]), Files.createDirectory(dist.resolve("models")));
    Files.createFile(dist.resolve("complete"));
  }

  private static void copy(Iterable<Path> files, Path folder) throws IOException {
    for (Path file : files) {
      Files.copy(file, folder.resolve(file.getFileName()));
    }
  }
}
