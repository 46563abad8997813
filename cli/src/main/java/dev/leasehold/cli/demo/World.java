package dev.leasehold.cli.demo;

import dev.leasehold.cli.Console;
import dev.leasehold.cli.Verbs;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.stream.Stream;

/** The demo's folder, its processes, and running verbs as a person would. */
final class World implements AutoCloseable {
  private static final int START_SECONDS = 40;

  private final Path home;
  private final Narrator narrator;
  private final Deque<AutoCloseable> open = new ArrayDeque<>();

  World(Path home, Console console) {
    this.home = home;
    this.narrator = new Narrator(console, home);
  }

  Narrator narrator() {
    return narrator;
  }

  Path home() {
    return home;
  }

  Path path(String name) {
    return home.resolve(name);
  }

  String file(String name) {
    return home.resolve(name).toString();
  }

  /** Shows a command and runs it; the facts it prints are part of the story. */
  void run(String... args) throws ClaimFailed {
    narrator.command(List.of(args));
    narrator.output(runQuietly(args));
  }

  /** Shows a command and runs it, where what it prints would tell the reader nothing. */
  void runBriefly(String... args) throws ClaimFailed {
    narrator.command(List.of(args));
    runQuietly(args);
  }

  /** Runs a verb without showing it, where the story has shown the like; returns its output. */
  String runQuietly(String... args) throws ClaimFailed {
    ByteArrayOutputStream heard = new ByteArrayOutputStream();
    PrintStream standard = System.out;
    int code;
    try (PrintStream out = new PrintStream(heard, true, StandardCharsets.UTF_8)) {
      System.setOut(out);
      code = Verbs.run(args);
    } finally {
      System.setOut(standard);
    }
    String output = heard.toString(StandardCharsets.UTF_8);
    if (code != 0) {
      throw new ClaimFailed(
          "'leasehold " + String.join(" ", args) + "' ended with code " + code + "\n" + output);
    }
    return output;
  }

  /** Shows a command, starts it as a process and waits until it says that it listens. */
  Child start(String name, String... args) throws IOException, InterruptedException, ClaimFailed {
    narrator.command(List.of(args));
    return startQuietly(name, args);
  }

  Child startQuietly(String name, String... args)
      throws IOException, InterruptedException, ClaimFailed {
    Child child = start(name, List.of(args));
    child.awaitLine(line -> line.contains("listening on"), START_SECONDS);
    return child;
  }

  /** Shows a command and starts it without waiting for anything. */
  Child launch(String name, String... args) throws IOException {
    narrator.command(List.of(args));
    return start(name, List.of(args));
  }

  private Child start(String name, List<String> args) throws IOException {
    Files.createDirectories(path("logs"));
    return own(Child.start(name, path("logs/" + name + ".log"), args));
  }

  /** Closes it with the world, last opened first. */
  <C extends AutoCloseable> C own(C resource) {
    open.push(resource);
    return resource;
  }

  /** Ends something before the world ends. */
  void end(AutoCloseable resource) throws Exception {
    open.remove(resource);
    resource.close();
  }

  static int freePort() throws IOException {
    try (ServerSocket s = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return s.getLocalPort();
    }
  }

  static URI http(int port) {
    return URI.create("http://127.0.0.1:" + port);
  }

  /** Removes everything the demo wrote; only after a story that held, and when all has ended. */
  void forget() throws IOException {
    List<Path> deepestFirst;
    try (Stream<Path> walk = Files.walk(home)) {
      deepestFirst = walk.sorted(Comparator.reverseOrder()).toList();
    }
    for (Path file : deepestFirst) {
      Files.delete(file);
    }
  }

  @Override
  public void close() {
    List<Exception> troubles = new ArrayList<>();
    while (!open.isEmpty()) {
      try {
        open.pop().close();
      } catch (Exception e) {
        troubles.add(e);
      }
    }
    troubles.forEach(e -> narrator.fact("while ending", e));
  }
}
