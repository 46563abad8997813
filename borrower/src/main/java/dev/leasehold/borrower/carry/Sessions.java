package dev.leasehold.borrower.carry;

import dev.leasehold.borrower.journal.Entry;
import dev.leasehold.core.bytes.Hash;
import dev.leasehold.core.bytes.Id;
import dev.leasehold.core.bytes.Malformed;
import dev.leasehold.core.dsse.Bundle;
import dev.leasehold.core.lease.Bundles;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What carrying needs to remember of each enclave; rebuilt from the journal at every start. */
public final class Sessions {
  private static final int KEPT_ANSWERS = 2;

  private record Stored(Hash request, Answer answer) {}

  private static final class Session {
    @Nullable Hash token;
    @Nullable Message unanswered;
    final Deque<Stored> answers = new ArrayDeque<>();
  }

  private final Map<Id, Session> sessions = new LinkedHashMap<>();

  Sessions() {}

  synchronized void observe(Entry e) {
    if (e.instance().isEmpty() || e.direction() == Entry.Direction.HELD) {
      return;
    }
    Session session = sessions.computeIfAbsent(e.instance().get(), id -> new Session());
    switch (e.what()) {
      case HELLO -> {
        if (e.direction() == Entry.Direction.IN) {
          session.token = token(e);
        }
      }
      case EVIDENCE, HEARTBEAT, FINAL -> exchange(e, session);
      case BUNDLE, CHALLENGE, COMMANDS, LOG_PROOF, LOG_CONSISTENCY -> {}
    }
  }

  /** Whether this enclave was started through this relay. */
  public synchronized boolean knows(Id instance) {
    Session session = sessions.get(instance);
    return session != null && session.token != null;
  }

  /** The headers by which the custodian knows that a request comes from an enclave's relay. */
  synchronized Map<String, String> bearer(Id instance) {
    Session session = sessions.get(instance);
    return session == null || session.token == null
        ? Map.of()
        : Map.of("Authorization", "Bearer " + session.token);
  }

  /** The custodian's stored reply to this very request (protocol §9.6(1)). */
  public synchronized Optional<Answer> answer(Id instance, Hash request) {
    Session session = sessions.get(instance);
    return session == null
        ? Optional.empty()
        : session.answers.stream()
            .filter(s -> s.request.equals(request))
            .map(Stored::answer)
            .findFirst();
  }

  /** True while this is the newest message of its enclave and has no answer. */
  public synchronized boolean isUnanswered(Message message) {
    Session session = sessions.get(message.instance());
    return session != null
        && session.unanswered != null
        && session.unanswered.hash().equals(message.hash());
  }

  /** What a relay that was stopped in between has to send again. */
  synchronized List<Message> unanswered() {
    List<Message> out = new ArrayList<>();
    for (Session s : sessions.values()) {
      if (s.unanswered != null) {
        out.add(s.unanswered);
      }
    }
    return out;
  }

  private static void exchange(Entry e, Session session) {
    Hash request = e.request().orElseThrow();
    switch (e.direction()) {
      case OUT ->
          session.unanswered = new Message(e.what(), e.instance().orElseThrow(), request, e.body());
      case IN -> {
        if (session.unanswered != null && session.unanswered.hash().equals(request)) {
          session.unanswered = null;
        }
        if (e.status() / 100 == 2) {
          remember(session, new Stored(request, answer(e)));
        }
      }
      case HELD -> {}
    }
  }

  private static Answer answer(Entry e) {
    return new Answer((int) e.status(), Answer.BUNDLE, e.body());
  }

  private static void remember(Session session, Stored stored) {
    session.answers.addLast(stored);
    if (session.answers.size() > KEPT_ANSWERS) {
      session.answers.removeFirst();
    }
  }

  private static @Nullable Hash token(Entry e) {
    try {
      byte[] body = e.body().toArray();
      return Bundle.parse(Bundles.Enrolled.class, body, body.length).relayToken();
    } catch (Malformed m) {
      return null;
    }
  }
}
