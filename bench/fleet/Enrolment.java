package dev.leasehold.custodian;

import dev.leasehold.core.bytes.Id;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Brings a fleet into the ledger by the front door: hello, challenge, evidence, grant 0, key. */
final class Enrolment {
  private static final int AT_ONCE = 4;
  private static final int NEWS = 20;

  private final World world;
  private final List<Id> leases;
  private final int perLease;

  Enrolment(World world, List<Id> leases, int perLease) {
    this.world = world;
    this.leases = leases;
    this.perLease = perLease;
  }

  /** All enclaves, those of one lease far from each other. */
  List<Enclave> run() throws Exception {
    int size = leases.size() * perLease;
    long start = System.nanoTime();
    try (ExecutorService threads = Executors.newFixedThreadPool(AT_ONCE)) {
      List<Future<Enclave>> running = new ArrayList<>(size);
      for (int i = 0; i < size; i++) {
        Id lease = leases.get(i % leases.size());
        running.add(threads.submit(() -> lean(world.enclave().under(lease).enrolled())));
      }
      List<Enclave> fleet = new ArrayList<>(size);
      for (Future<Enclave> enclave : running) {
        fleet.add(enclave.get());
        if (fleet.size() % Math.ceilDiv(size, NEWS) == 0 || fleet.size() == size) {
          System.out.printf(
              "enrolled    %,d of %,d, %.0f/s%n",
              fleet.size(), size, fleet.size() * 1e9 / (System.nanoTime() - start));
        }
      }
      return fleet;
    }
  }

  /** Forgets what only its enrolment needed: there are many. */
  private static Enclave lean(Enclave e) {
    e.sk.close();
    e.sk = null;
    e.challenge = null;
    e.evidence = null;
    return e;
  }
}
