package dev.leasehold.enclave.life;

import dev.leasehold.core.seal.FileAllocator;
import dev.leasehold.core.seal.PackageFile;
import dev.leasehold.enclave.model.engine.ModelMemory;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Memory for the files of a package, in the order of its index, until an engine takes it. */
final class OpenedFiles implements FileAllocator, AutoCloseable {
  private final Map<String, ModelMemory> files = new LinkedHashMap<>();

  @Override
  public MemorySegment allocate(PackageFile file) {
    if (file.bytes() == 0) {
      return MemorySegment.NULL;
    }
    ModelMemory memory = ModelMemory.allocate(file.bytes());
    files.put(file.path(), memory);
    return memory.bytes();
  }

  /** Hands over the files whose names end so, sealed, and wipes all others. */
  List<ModelMemory> take(String suffix) throws IOException {
    List<ModelMemory> taken = new ArrayList<>();
    files.forEach((path, memory) -> {
      if (path.endsWith(suffix)) {
        memory.seal();
        taken.add(memory);
      } else {
        memory.close();
      }
    });
    files.clear();
    if (taken.isEmpty()) {
      throw new IOException("expected a file named *" + suffix + ", found none");
    }
    return taken;
  }

  /** Wipes whatever was not handed over. */
  @Override
  public void close() {
    files.values().forEach(ModelMemory::close);
    files.clear();
  }
}
