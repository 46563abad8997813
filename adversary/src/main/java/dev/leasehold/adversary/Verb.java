package dev.leasehold.adversary;

/** What can happen in a schedule, and how often beside the others. */
enum Verb {
  BOOT(4, (s, a, b) -> s.machines().boot(a)),
  TWIN(1, (s, a, b) -> s.with(a, s.machines()::twin)),
  KILL(1, (s, a, b) -> s.with(a, s.machines()::kill)),
  BORROWER_DRAIN(1, (s, a, b) -> s.with(a, s.machines()::drain)),
  FREEZE(2, (s, a, b) -> s.with(a, s.machines()::freeze)),
  THAW(3, (s, a, b) -> s.machines().thaw()),
  CLOCK_RATE(2, (s, a, b) -> s.with(a, e -> s.machines().rate(e, b))),
  CLOCK_JUMP(2, (s, a, b) -> s.with(a, e -> s.machines().jump(e, b))),
  ASK(22, (s, a, b) -> s.with(a, e -> s.consumers().ask(e, b / 64, b))),
  FINISH(2, (s, a, b) -> s.with(a, e -> s.consumers().finish(e, b))),
  LOSE_ANSWER(1, (s, a, b) -> s.with(a, e -> s.consumers().lose(e, b))),
  BREAK_OFF(1, (s, a, b) -> s.with(a, e -> s.consumers().breakOff(e, b))),
  PASS(22, (s, a, b) -> s.pass(a % 4_000)),
  LATER(1, (s, a, b) -> s.later(a % 90)),
  KEEP(2, (s, a, b) -> s.keep(a)),
  WATCH(5, (s, a, b) -> s.watch()),

  EXCHANGE(34, (s, a, b) -> s.with(a, s.wires()::exchange)),
  SEND(12, (s, a, b) -> s.with(a, s.wires()::send)),
  UP(12, (s, a, b) -> s.wires().up(b)),
  DOWN(12, (s, a, b) -> s.wires().down(b)),
  DROP_UP(2, (s, a, b) -> s.wires().dropUp(b)),
  DROP_DOWN(2, (s, a, b) -> s.wires().dropDown(b)),
  UP_TWICE(3, (s, a, b) -> s.wires().upTwice(b)),
  DOWN_TWICE(3, (s, a, b) -> s.wires().downTwice(b)),
  REPLAY_UP(4, (s, a, b) -> s.wires().replayUp(b)),
  REPLAY_DOWN(4, (s, a, b) -> s.with(a, e -> s.wires().replayDown(e, b))),
  CHANGE_UP(5, (s, a, b) -> s.wires().changeUp(a, b)),
  CHANGE_DOWN(5, (s, a, b) -> s.with(a, e -> s.wires().changeDown(e, a, b))),
  GIVE_UP(4, (s, a, b) -> s.with(a, s.wires()::giveUp)),
  POLL(3, (s, a, b) -> s.with(a, e -> s.wires().poll(e, b % 4))),
  PUSH(6, (s, a, b) -> s.with(a, e -> s.wires().push(e, a, b))),

  CRASH(2, (s, a, b) -> s.crash(a)),
  CRASH_SOON(4, (s, a, b) -> s.crashSoon(a, b)),
  STALL(4, (s, a, b) -> s.stall(a, b)),
  RESTART(20, (s, a, b) -> s.restart(a)),

  BACK_UP(2, (s, a, b) -> s.backUp()),
  RESTORE(2, (s, a, b) -> s.restore(a, b)),

  SUSPEND(2, (s, a, b) -> s.staff().suspend()),
  RESUME(4, (s, a, b) -> s.staff().resume()),
  RESUME_STALE(1, (s, a, b) -> s.staff().resumeStale(b)),
  RECALL(2, (s, a, b) -> s.staff().recall()),
  DRAIN(1, (s, a, b) -> s.staff().drain(b)),
  QUARANTINE(1, (s, a, b) -> s.staff().quarantine(b)),
  WRITE_OFF(2, (s, a, b) -> s.staff().writeOff(b)),
  MORE_BUDGET(2, (s, a, b) -> s.staff().moreBudget()),
  ORDER_AGAIN(2, (s, a, b) -> s.staff().again(b)),
  REVOKE(1, (s, a, b) -> s.staff().revoke());

  /** One thing done; what it did in a few words, nothing when it could not be done. */
  @FunctionalInterface
  interface Deed {
    String on(Stage stage, int a, int b);
  }

  private final int weight;

  @SuppressWarnings("ImmutableEnumChecker") // Functions without state.
  private final Deed deed;

  Verb(int weight, Deed deed) {
    this.weight = weight;
    this.deed = deed;
  }

  int weight() {
    return weight;
  }

  String on(Stage stage, int a, int b) {
    return deed.on(stage, a, b);
  }
}
