package dev.leasehold.cli;

import dev.leasehold.core.bytes.Id;
import dev.leasehold.core.bytes.Malformed;
import dev.leasehold.core.json.Codec;
import dev.leasehold.core.json.Json;
import dev.leasehold.core.lease.InstanceState;
import dev.leasehold.core.lease.LeaseState;
import dev.leasehold.core.lease.Vec;
import java.util.ArrayList;
import java.util.List;

/**
 * One lease in the custodian's books, as an operator sees it.
 *
 * @param unit the component that people mean first, by its name on the wire
 * @param x the most that can be consumed beyond {@code settled}
 * @param xKnown false when the ledger was rolled back: then {@code x} is budget less settled
 * @param residual what written-off enclaves may have consumed; it is never forgotten
 */
record LeaseView(
    Id id,
    LeaseState state,
    String model,
    String unit,
    long version,
    long cseq,
    Vec budget,
    Vec reserved,
    Vec settled,
    Vec x,
    boolean xKnown,
    Vec residual,
    List<Instance> instances) {

  /**
   * One enclave of it.
   *
   * @param seq of its last message
   * @param silentMs since its last heartbeat
   * @param x the most that it can consume beyond {@code used}
   */
  record Instance(
      Id id,
      InstanceState state,
      String platformId,
      long seq,
      long silentMs,
      Vec allow,
      Vec used,
      Vec x) {
    /** Neither its own word nor the approvers' says that it is over. */
    boolean isUnresolved() {
      return state.isUnresolved();
    }
  }

  static LeaseView of(Json.Obj l) throws CliFailure {
    try {
      List<Instance> instances = new ArrayList<>();
      for (Json i : items(l, "instances")) {
        instances.add(instance((Json.Obj) i));
      }
      return new LeaseView(
          new Id(text(l, "leaseId")),
          LeaseState.valueOf(text(l, "state")),
          text(l, "model"),
          text(l, "headline"),
          number(l, "version"),
          number(l, "cseq"),
          vec(l, "budget"),
          vec(l, "reserved"),
          vec(l, "settled"),
          vec(l, "x"),
          l.get("xKnown").orElse(null) instanceof Json.Bool(boolean known) && known,
          vec(l, "residual"),
          instances);
    } catch (Malformed m) {
      throw CliFailure.of("The custodian's answer is not understood", m, "check its version");
    } catch (IllegalArgumentException e) {
      throw new CliFailure("The custodian's answer is not understood: " + e.getMessage());
    }
  }

  private static Instance instance(Json.Obj i) throws Malformed {
    return new Instance(
        new Id(text(i, "instanceId")),
        InstanceState.valueOf(text(i, "state")),
        text(i, "platformId"),
        number(i, "seq"),
        number(i, "silentMs"),
        vec(i, "allow"),
        vec(i, "used"),
        vec(i, "x"));
  }

  /** The headline component of an amount. */
  long headline(Vec v) {
    return v.get(
        unit.equals("outputTokens") ? Vec.Component.OUTPUT_TOKENS : Vec.Component.REQUESTS);
  }

  /** Enclaves that may still consume what they were promised; fenced ones count. */
  List<Instance> unresolved() {
    return instances.stream().filter(Instance::isUnresolved).toList();
  }

  /** What an enclave's state means for what it may still do. */
  static String inWords(Instance i) {
    return switch (i.state) {
      case CHALLENGED -> "has no key yet";
      case ACTIVE -> "serving; last heard " + i.silentMs / 1_000 + " s ago";
      case FENCED -> "fenced: gets nothing more, and may still consume what it was promised";
      case CLOSED -> "ceased: it wiped itself and signed its final";
      case WRITTEN_OFF -> "written off by the approvers; it never said that it stopped";
    };
  }

  static String text(Json.Obj o, String name) {
    return o.get(name).orElse(null) instanceof Json.Str(String s) ? s : "";
  }

  static List<Json> items(Json.Obj o, String name) {
    return o.get(name).orElse(null) instanceof Json.Arr(var items) ? items : List.of();
  }

  private static long number(Json.Obj o, String name) {
    return o.get(name).orElse(null) instanceof Json.Int(long n) ? n : 0;
  }

  private static Vec vec(Json.Obj o, String name) throws Malformed {
    return Codec.of(Vec.class)
        .decode(name, o.get(name).orElse(null) instanceof Json.Obj v ? v : Json.Obj.EMPTY);
  }
}
