package dev.leasehold.consumer.ask;

import dev.leasehold.consumer.KeptFile;
import dev.leasehold.consumer.trust.CheckFailed;
import dev.leasehold.core.bytes.Hash;
import dev.leasehold.core.dsse.Signed;
import dev.leasehold.core.lease.Receipt;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The consumer's own folder of receipts: one file each, {@code <H(receipt)>.json}, its envelope
 * E(m). An instance chains its receipts, so two receipts with the same {@code prev} prove that it
 * told two stories; those of other consumers lie between ours, so gaps prove nothing.
 */
public final class Receipts {
  private static final int REMEMBERED = 65_536;
  private static final String SUFFIX = ".json";

  private final Path folder;

  /** By instance and {@code prev}: the receipt that followed. The oldest are forgotten. */
  private final Map<String, Hash> successors =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Hash> eldest) {
          return size() > REMEMBERED;
        }
      };

  /** Makes the folder if it is not there. */
  public Receipts(Path folder) throws IOException {
    this.folder = Files.createDirectories(folder);
  }

  /** The receipts that a folder holds, by name; other files may lie beside them. */
  public static List<Path> in(Path folder) throws IOException {
    try (Stream<Path> all = Files.list(folder)) {
      return all.filter(f -> f.toString().endsWith(SUFFIX)).sorted().toList();
    }
  }

  /** Keeps a receipt; that it forks the chain is found after it is on disk, as evidence. */
  void keep(Signed<Receipt> receipt) throws CheckFailed {
    store(receipt);
    Optional<Hash> other = note(receipt);
    if (other.isPresent()) {
      throw new CheckFailed(
          "receipt:prev",
          "one receipt after " + receipt.body().prev(),
          "two: " + other.get() + " and " + receipt.hash(),
          "do not use this answer; show both receipts in " + folder + " to the custodian");
    }
  }

  private synchronized Optional<Hash> note(Signed<Receipt> receipt) {
    String key = receipt.body().instanceId() + " " + receipt.body().prev();
    Hash known = successors.putIfAbsent(key, receipt.hash());
    return Optional.ofNullable(known).filter(h -> !h.equals(receipt.hash()));
  }

  private void store(Signed<Receipt> receipt) throws CheckFailed {
    Path file = folder.resolve(receipt.hash() + SUFFIX);
    try {
      KeptFile.write(file, receipt.envelope().write());
    } catch (IOException e) {
      throw new CheckFailed(
          "receipt-store",
          "to keep the receipt in " + folder,
          e.toString(),
          "make room there, or make the folder writable");
    }
  }
}
