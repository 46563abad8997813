package dev.leasehold.enclave.life;

import java.io.PrintStream;

/** Where events go. There is no other log in this program, so no request can get into one. */
public interface EventLog {
  /**
   * Notes an event.
   *
   * @param detail a number or a name of this program's own; never anything that came from outside
   */
  void note(Event event, String detail);

  default void note(Event event, long number) {
    note(event, Long.toString(number));
  }

  default void note(Event event) {
    note(event, "");
  }

  /** One line an event: {@code enclave listening on 127.0.0.1:8443}. */
  static EventLog to(PrintStream out) {
    return (event, detail) -> out.println(("enclave " + event.words() + " " + detail).strip());
  }
}
