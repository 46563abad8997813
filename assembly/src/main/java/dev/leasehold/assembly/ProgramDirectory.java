package dev.leasehold.assembly;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * The enclave program directory: all that is measured besides the JVM and the system below it.
 *
 * <p>{@code lib/} holds the jars, {@code natives/} the engines' libraries, {@code launch} the JVM's
 * flags. A jar that carries native libraries is thinned ({@link ThinJar}) and the ones for
 * linux-x86_64 go beside it, unless {@code natives/} has the same file; other jars are copied byte
 * for byte.
 */
final class ProgramDirectory {
  private static final String OWN_JAR = "leasehold-";

  private final Path root;
  private final SortedSet<Part> parts = new TreeSet<>();

  private ProgramDirectory(Path root) {
    this.root = root;
  }

  /** Lays the directory out anew and returns its parts, in the order TCB.txt lists them. */
  static SortedSet<Part> lay(Sources sources, Path root) throws IOException {
    Folders.empty(root);
    Files.createDirectory(root.resolve("lib"));
    Files.createDirectory(root.resolve("natives"));
    ProgramDirectory directory = new ProgramDirectory(root);
    if (Files.isDirectory(sources.natives())) {
      for (Path library : Folders.filesIn(sources.natives())) {
        String path = "natives/" + library.getFileName();
        directory.addNative(path, Files.readAllBytes(library), sources.nativesOrigin());
      }
    }
    for (Path jar : sources.jars()) {
      directory.addJar(jar);
    }
    for (Path file : Folders.filesIn(sources.fixed())) {
      directory.addFixed(file);
    }
    return directory.parts;
  }

  private void addJar(Path jar) throws IOException {
    String name = jar.getFileName().toString();
    if (name.startsWith(OWN_JAR)) {
      write(Part.Kind.OWN, "lib/" + name, Files.readAllBytes(jar), Part.THIS_REPOSITORY);
      return;
    }
    String origin = name + " " + Sha256.of(jar);
    try (ZipFile published = new ZipFile(jar.toFile())) {
      List<? extends ZipEntry> natives =
          published.stream().filter(entry -> Natives.isNative(entry.getName())).toList();
      byte[] content = natives.isEmpty() ? Files.readAllBytes(jar) : ThinJar.of(published);
      write(Part.Kind.JAR, "lib/" + name, content, origin);
      for (ZipEntry entry : natives) {
        if (Natives.runsInTheTee(entry.getName())) {
          addNativeOf(entry.getName(), published.getInputStream(entry).readAllBytes(), origin);
        }
      }
    }
  }

  private void addNativeOf(String entry, byte[] library, String origin) throws IOException {
    String name = entry.substring(entry.lastIndexOf('/') + 1);
    Path engines = root.resolve("natives").resolve(name);
    if (Files.exists(engines) && Arrays.equals(Files.readAllBytes(engines), library)) {
      parts.removeIf(part -> part.path().equals("natives/" + name));
      parts.add(new Part(Part.Kind.NATIVE, "natives/" + name, Sha256.of(library), origin));
    } else {
      addNative("lib/" + name, library, origin);
    }
  }

  private void addNative(String path, byte[] library, String origin) throws IOException {
    Natives.refuseTelemetry(path, library);
    write(Part.Kind.NATIVE, path, library, origin);
  }

  private void addFixed(Path file) throws IOException {
    String name = file.getFileName().toString();
    write(Part.Kind.OWN, name, Files.readAllBytes(file), Part.THIS_REPOSITORY);
    if (!root.resolve(name).toFile().setExecutable(Files.isExecutable(file))) {
      throw new IOException("cannot set the mode of " + root.resolve(name));
    }
  }

  private void write(Part.Kind kind, String path, byte[] content, String origin)
      throws IOException {
    try {
      Files.write(root.resolve(path), content, StandardOpenOption.CREATE_NEW);
    } catch (FileAlreadyExistsException e) {
      throw new Refused("two sources bring " + path + "; the second is " + origin);
    }
    parts.add(new Part(kind, path, Sha256.of(content), origin));
  }
}
