package dev.leasehold.assembly;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SortedSet;

/** Lays out the enclave program directory and fails when it is not the one TCB.txt lists. */
public final class AssembleProgram {
  private AssembleProgram() {}

  /**
   * Lays out and checks, or lays out and writes the list.
   *
   * @param args runtime class path, natives folder, origin of the natives, folder of fixed files,
   *     program directory, TCB.txt, and "update" or "check"
   */
  public static void main(String[] args) throws IOException {
    Sources sources =
        new Sources(Folders.classPath(args[0]), Path.of(args[1]), args[2], Path.of(args[3]));
    SortedSet<Part> parts = ProgramDirectory.lay(sources, Path.of(args[4]));
    Path tcb = Path.of(args[5]);
    if (args[6].equals("update")) {
      Files.writeString(tcb, Tcb.text(parts));
    } else {
      Tcb.require(Files.readString(tcb), parts);
    }
  }
}
