package dev.leasehold.cli;

import dev.leasehold.core.seal.Progress;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.jspecify.annotations.Nullable;

/** A progress bar on standard error for each stage of sealing, where a person looks. */
final class SealProgress implements Progress, AutoCloseable {
  private final boolean seen = Console.isSeen();
  private @Nullable ProgressBar bar;
  private @Nullable Stage stage;

  @Override
  public void at(Stage now, long done, long total) {
    if (seen && now != stage) {
      close();
      stage = now;
      bar =
          new ProgressBarBuilder()
              .setTaskName(now == Stage.INDEX ? "  hashing" : "  sealing")
              .setUnit(" MiB", 1 << 20)
              .setInitialMax(total)
              .setStyle(ProgressBarStyle.ASCII)
              .setUpdateIntervalMillis(100)
              .build();
    }
    ProgressBar current = bar;
    if (current != null) {
      current.stepTo(done);
    }
  }

  @Override
  public void close() {
    ProgressBar current = bar;
    if (current != null) {
      current.close();
      bar = null;
    }
  }
}
