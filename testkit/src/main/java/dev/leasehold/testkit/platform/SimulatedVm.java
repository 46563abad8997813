package dev.leasehold.testkit.platform;

import dev.leasehold.core.bytes.HexBytes;
import dev.leasehold.core.evidence.ReportData;
import dev.leasehold.testkit.snp.ReportRequest;
import dev.leasehold.testkit.snp.ReportSigner;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A SIMULATED confidential VM: its program is an ordinary process whose memory the host can read,
 * but everything said about it has the real formats. The program directory is measured when the
 * program starts, and every report it asks for carries that measurement.
 */
public final class SimulatedVm implements AutoCloseable {
  private final ReportSigner signer;
  private final Path program;
  private final SimulatedTsm tsm;
  private volatile HexBytes measurement;
  private Optional<Process> process = Optional.empty();

  /**
   * A VM that is powered on, with no program started yet.
   *
   * @param program the directory to be measured
   * @param tsmEntry where the guest will find its report files; made if absent
   */
  public SimulatedVm(ReportSigner signer, Path program, Path tsmEntry) throws IOException {
    this.signer = signer;
    this.program = program;
    this.measurement = LaunchMeasurement.of(program);
    this.tsm =
        SimulatedTsm.open(tsmEntry, this::report, CertTableWriter.write(signer.certificates()));
  }

  /** Measures the program directory and starts the program in it. */
  public Process start(ProcessBuilder launch) throws IOException {
    if (process.map(Process::isAlive).orElse(false)) {
      throw new IllegalStateException("the VM's program is running: kill it first");
    }
    measurement = LaunchMeasurement.of(program);
    Process started = launch.start();
    process = Optional.of(started);
    return started;
  }

  /** What was measured when the program was last started. */
  public HexBytes measurement() {
    return measurement;
  }

  /** The directory of the report files. */
  public Path tsmEntry() {
    return tsm.entry();
  }

  /** Ends the program without a chance to say anything. */
  public void kill() throws IOException {
    signal("KILL");
    if (process.isPresent()) {
      process.get().onExit().join();
    }
  }

  /** Stops every instruction of the program, as a hypervisor can; its clock runs on. */
  public void freeze() throws IOException {
    signal("STOP");
  }

  /** Lets a frozen program go on as if nothing had happened. */
  public void resume() throws IOException {
    signal("CONT");
  }

  /** Kills the program and takes the report files out of service. */
  @Override
  public void close() throws IOException {
    try {
      kill();
    } finally {
      tsm.close();
    }
  }

  private void signal(String name) throws IOException {
    if (process.isPresent()) {
      ProcessHandle root = process.get().toHandle();
      Stream<ProcessHandle> all = Stream.concat(Stream.of(root), root.descendants());
      for (ProcessHandle p : all.toList()) {
        Commands.signal(name, p);
      }
    }
  }

  private byte[] report(ReportData reportData) {
    return signer.report(ReportRequest.of(reportData, measurement));
  }
}
