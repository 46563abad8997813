package dev.leasehold.adversary;

import dev.leasehold.adversary.oracle.Books;
import dev.leasehold.adversary.oracle.Oracle;
import dev.leasehold.adversary.oracle.Violation;
import dev.leasehold.adversary.world.Answer;
import dev.leasehold.adversary.world.Conduct;
import dev.leasehold.adversary.world.Front;
import dev.leasehold.adversary.world.Ledgers;
import dev.leasehold.adversary.world.Limits;
import dev.leasehold.adversary.world.Node;
import dev.leasehold.adversary.world.People;
import dev.leasehold.adversary.world.Replicas;
import dev.leasehold.adversary.world.Request;
import dev.leasehold.adversary.world.Request.Desk;
import dev.leasehold.adversary.world.SeededRandom;
import dev.leasehold.adversary.world.SimEnclave;
import dev.leasehold.adversary.world.SimRelay;
import dev.leasehold.adversary.world.SimStream;
import dev.leasehold.adversary.world.Template;
import dev.leasehold.borrower.carry.LogWatch;
import dev.leasehold.core.bytes.Hash;
import dev.leasehold.core.bytes.Nonce;
import dev.leasehold.core.dsse.Ed25519Signer;
import dev.leasehold.core.dsse.Envelope;
import dev.leasehold.core.dsse.Signed;
import dev.leasehold.core.hpke.HpkeKeyPair;
import dev.leasehold.core.lease.Bundles;
import dev.leasehold.core.lease.Lease;
import dev.leasehold.core.lease.LeaseState;
import dev.leasehold.core.lease.Order;
import dev.leasehold.core.lease.Vec;
import dev.leasehold.core.stream.InferRequest.Delivery;
import dev.leasehold.custodian.store.CrashPoints;
import dev.leasehold.enclave.model.Finish;
import dev.leasehold.testkit.party.Parties;
import dev.leasehold.testkit.snp.SimulatedChip;
import dev.leasehold.testkit.time.ManualClock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One custodian, one lease and its enclaves, with the oracle looking on: after everything that
 * happens here it looks at all of it.
 */
public final class World implements AutoCloseable {
  private final Template template;
  private final SeededRandom random;
  private final ManualClock clock = new ManualClock(Parties.NOW);
  private final Path folder;
  private final Replicas replicas;
  private final SimRelay relay;
  private final Conduct conduct;
  private final Oracle oracle;
  private final List<SimEnclave> enclaves = new ArrayList<>();
  private final List<Signed<Lease>> leases = new ArrayList<>();
  private final List<String> events = new ArrayList<>();
  private Limits limits;
  private @Nullable Request asked;
  private long kept = -1;

  /**
   * A world whose custodian or whose enclaves may be broken.
   *
   * @param bend what answers in place of a node of the custodian
   */
  public World(
      long seed, Limits limits, Ledgers ledgers, Function<Node, Front> bend, Conduct conduct) {
    this.template = Template.of(ledgers);
    this.random = new SeededRandom(seed);
    this.limits = limits;
    this.conduct = conduct;
    this.folder = temporary();
    this.replicas = new Replicas(ledgers, folder, clock, seed, bend);
    leases.add(People.lease(limits, template.modelPackage().hash(), Optional.empty()));
    Request first = Request.of(Desk.LEASE, lease().envelope().write());
    Answer registered = replicas.up(0).orElseThrow().answer(first);
    if (!registered.isGood()) {
      throw new IllegalStateException(registered.body());
    }
    this.oracle = new Oracle(template.roster().body(), read(), lease().body());
    this.relay = new SimRelay(folder, clock, this::leaseBundle, new Log());
  }

  public Replicas replicas() {
    return replicas;
  }

  public ManualClock clock() {
    return clock;
  }

  public List<SimEnclave> enclaves() {
    return List.copyOf(enclaves);
  }

  /** The custodian's books as they were at the last look. */
  public Books books() {
    return oracle.books();
  }

  public Limits limits() {
    return limits;
  }

  /** The newest version that was signed. */
  public Signed<Lease> lease() {
    return leases.getLast();
  }

  public Nonce nonce() {
    byte[] bytes = new byte[Nonce.BYTES];
    random.nextBytes(bytes);
    return Nonce.of(bytes);
  }

  /** What has happened since this was last asked. */
  List<String> events() {
    List<String> out = List.copyOf(events);
    events.clear();
    return out;
  }

  // The custodian

  /** Asks the custodian at any of its doors; what it answers holds from now on. */
  public Answer ask(Request request) {
    Request outer = asked;
    asked = request;
    Node door = replicas.door();
    Vec done = Oracle.done(enclaves);
    LeaseState before = books().lease().state();
    String frozen = oracle.wentBack() ? replicas.frozen() : "";
    Answer answer = relay.carry(request, r -> replicas.answer(door, r));
    lookAtBooks();
    if (!frozen.isEmpty()) {
      oracle.frozen(request, answer);
    }
    if (!answer.isNone()) {
      oracle.answered(request, answer, done);
    } else if (!replicas.isServed() || before != books().lease().state()) {
      oracle.unanswered(request, done);
    }
    note(door, request.desk() + " " + answer.summary());
    asked = outer;
    return answer;
  }

  private void note(Node door, String what) {
    events.add(replicas.count() == 1 ? what : what + " at " + door);
  }

  /**
   * A person's order, carried by nobody. No person is so quick that it is of the same millisecond
   * as what it follows: a relay, which does not see it, could not tell the two apart.
   */
  public Answer order(Signed<Order> order) {
    clock.advance(1);
    return ask(Request.of(Desk.ORDER, order.envelope().write()));
  }

  /** Approvers sign the next version of the lease. */
  public Answer renew(Limits next) {
    Signed<Lease> version =
        People.lease(next, template.modelPackage().hash(), Optional.of(lease()));
    leases.add(version);
    Answer answer = ask(Request.of(Desk.LEASE, version.envelope().write()));
    if (answer.isGood()) {
      limits = next;
    } else if (!answer.isNone()) {
      leases.removeLast();
    }
    return answer;
  }

  /** The log of whichever node listens. */
  private final class Log implements LogWatch.Source {
    @Override
    public dev.leasehold.borrower.carry.Answer inclusion(Hash statement) throws IOException {
      return answer(new Request(Desk.PROOF, Optional.empty(), statement.hex(), ""));
    }

    @Override
    public dev.leasehold.borrower.carry.Answer consistency(long from, long to) throws IOException {
      return answer(new Request(Desk.CONSISTENCY, Optional.empty(), from + "-" + to, ""));
    }

    private dev.leasehold.borrower.carry.Answer answer(Request request) throws IOException {
      Answer answer = replicas.answer(replicas.door(), request);
      if (answer.equals(Answer.NOTHING)) {
        throw new IOException("nobody listens");
      }
      return SimRelay.onWire(answer);
    }
  }

  /**
   * The custodian publishes its log, and the relay looks whether everything is in it. A node that
   * could not publish, or learn what another has, rightly alarms who looks; it tries again.
   */
  public void watch() {
    List<Boolean> published = replicas.running().stream().map(Node::publish).toList();
    lookAtBooks();
    if (!published.contains(false)) {
      relay.watch();
    }
  }

  /** What the borrower knows and can prove now. */
  public SimRelay.Account account() {
    return relay.account(
        template.roster().body().approverSet(),
        enclaves.stream()
            .flatMap(e -> e.serving().ended().stream())
            .filter(SimStream::hasArrived)
            .map(s -> s.answered().receipt())
            .toList());
  }

  /** Lets a node of the custodian look at its clock. */
  public void keep(Node node) {
    node.pass();
    lookAtBooks();
  }

  /** A version nobody answered for was registered, or is forgotten and signed anew. */
  private void forgetUnregistered() {
    while (leases.size() > read().lease().version()) {
      leases.removeLast();
    }
  }

  public void kill(Node node) {
    replicas.kill(node);
  }

  public void restart(Node node) {
    node.start();
    forgetUnregistered();
    if (!replicas.isServed()) {
      oracle.restarted(read());
    }
    lookAtBooks();
  }

  /** The host keeps a copy of the ledger as it is. */
  public boolean backUp() {
    boolean done = replicas.backUp();
    kept = done ? read().lease().ver() : kept;
    return done;
  }

  /**
   * The host puts the copy in place of a ledger that has gone on since.
   *
   * @param anchorToo whether the anchor of that time as well
   */
  public boolean restore(boolean anchorToo) {
    boolean older = replicas.backup().isPresent() && kept < books().lease().ver();
    if (!older || oracle.wentBack()) {
      return false;
    }
    oracle.goesBack(anchorToo);
    replicas.restore(anchorToo);
    forgetUnregistered();
    lookAtBooks();
    Violation.require(
        anchorToo || replicas.frozen().contains("the anchor remembers ledger version"),
        "an older ledger freezes its node, which says why",
        replicas.frozen());
    return true;
  }

  /** Whether the ledger was replaced by an older one. */
  public boolean wentBack() {
    return oracle.wentBack();
  }

  /**
   * A node stands still within its next transaction.
   *
   * @param meanwhile what then happens elsewhere, where what the node was asked is known
   */
  void stallAt(
      Node node, CrashPoints.Moment moment, Function<Optional<Request>, String> meanwhile) {
    replicas.stallAt(
        node,
        moment,
        () -> {
          lookAtBooks();
          note(node, "stands still " + moment + ", meanwhile:");
          note(node, "wakes up after " + meanwhile.apply(Optional.ofNullable(asked)));
        });
  }

  // Enclaves

  /** A new enclave on one of the machines. */
  public SimEnclave boot(int machine) {
    byte[] seed = new byte[32];
    random.nextBytes(seed);
    return boot(
        template.chips().get(Math.floorMod(machine, template.chips().size())),
        Ed25519Signer.fromSeed(seed),
        HpkeKeyPair.generate());
  }

  /** An enclave whose machine gave it the same randomness as another. */
  public SimEnclave twin(SimEnclave of) {
    return boot(of.chip(), of.ik(), of.sk());
  }

  private SimEnclave boot(SimulatedChip chip, Ed25519Signer ik, HpkeKeyPair sk) {
    Request hello =
        new Request(
            Desk.HELLO,
            Optional.empty(),
            nonce().hex().substring(0, 32),
            People.hello(nonce(), clock.millis()).envelope().write());
    SimEnclave enclave =
        new SimEnclave("e" + (enclaves.size() + 1), chip, ik, sk, hello, this::start, conduct);
    enclaves.add(enclave);
    return enclave;
  }

  private Bundles.Start start(Envelope challenge) {
    Bundles.LeaseBundle b = leaseBundle();
    return new Bundles.Start(
        challenge, b.roster(), b.measurements(), b.borrower(), b.lease(), b.modelPackage());
  }

  private Bundles.LeaseBundle leaseBundle() {
    return new Bundles.LeaseBundle(
        template.roster().envelope(),
        template.measurements().envelope(),
        template.borrower().envelope(),
        leases.get((int) books().lease().version() - 1).envelope(),
        template.modelPackage().envelope());
  }

  /** What an enclave wants to send now. */
  public Optional<Request> poll(SimEnclave enclave) {
    Optional<Request> request = enclave.wants();
    look();
    request.ifPresent(r -> oracle.sends(enclave, r));
    return request;
  }

  /** Gives an enclave an answer to what it waits for. */
  public void give(SimEnclave enclave, Answer answer) {
    enclave.take(answer);
    look();
  }

  public void push(SimEnclave enclave, List<Bundles.CommandItem> commands) {
    enclave.push(commands);
    look();
  }

  /**
   * A consumer asks, and is served for some steps.
   *
   * @param finishes whether the model is through with it then
   * @return the tokens made; −1 when the request was not admitted
   */
  public long ask(SimEnclave enclave, Delivery delivery, int steps, long tokens, boolean finishes) {
    Optional<SimStream> admitted = enclave.serving().admit(random, delivery);
    if (admitted.isEmpty()) {
      look();
      return -1;
    }
    oracle.worked(enclave, enclave.now());
    return serve(enclave, admitted.get(), steps, tokens, finishes);
  }

  /** Goes on with a request that was admitted. */
  public long serve(
      SimEnclave enclave, SimStream stream, int steps, long tokens, boolean finishes) {
    long made = 0;
    boolean paid = true;
    for (int i = 0; i < steps && paid && stream.isReady(); i++) {
      paid = enclave.serving().decode(stream, tokens);
      if (paid) {
        oracle.worked(enclave, enclave.now());
        made += tokens;
      }
    }
    if (finishes) {
      stream.end(paid ? Finish.STOP : Finish.LEASE_EXHAUSTED);
    }
    look();
    return made;
  }

  /** The connection between an enclave and a consumer breaks off. */
  public void breakOff(SimEnclave enclave, SimStream stream) {
    enclave.serving().breakOff(stream);
    look();
  }

  /** Real time passes, for everybody who has a clock. */
  public void pass(long ms) {
    clock.advance(ms);
    enclaves.forEach(e -> e.pass(ms));
    look();
  }

  // The oracle

  /** Looks at everything but the custodian's books, which nobody has asked to change. */
  public void look() {
    events.addAll(oracle.look(books(), enclaves, lease(books())));
  }

  private void lookAtBooks() {
    Books now = replicas.isReadable() ? read() : books();
    events.addAll(oracle.look(now, enclaves, lease(now)));
  }

  /** Compares all that was ever answered with the log. */
  public void audit() {
    lookAtBooks();
    oracle.audit(Books.log(replicas.connection()));
  }

  private static Path temporary() {
    try {
      return Files.createTempDirectory(Template.memory(), "leasehold-world");
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private Lease lease(Books books) {
    return leases.get((int) books.lease().version() - 1).body();
  }

  private Books read() {
    return Books.read(replicas.connection());
  }

  @Override
  public void close() {
    relay.close();
    replicas.close();
    Template.delete(folder);
  }
}
