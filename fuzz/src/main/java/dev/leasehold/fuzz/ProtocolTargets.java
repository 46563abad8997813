package dev.leasehold.fuzz;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.leasehold.core.bytes.ByteWriter;
import dev.leasehold.core.bytes.Bytes;
import dev.leasehold.core.bytes.Hash;
import dev.leasehold.core.bytes.Malformed;
import dev.leasehold.core.bytes.Nonce;
import dev.leasehold.core.dsse.Bundle;
import dev.leasehold.core.dsse.Envelope;
import dev.leasehold.core.dsse.Kind;
import dev.leasehold.core.hpke.HpkeKeyPair;
import dev.leasehold.core.hpke.HpkePublicKey;
import dev.leasehold.core.json.Json;
import dev.leasehold.core.lease.Bundles;
import dev.leasehold.core.lease.EnclaveConfig;
import dev.leasehold.core.lease.Lease;
import dev.leasehold.core.lease.Statements;
import dev.leasehold.core.lease.Tee;
import dev.leasehold.core.lease.Vec;
import dev.leasehold.core.seal.PackageFile;
import dev.leasehold.core.seal.PackageIndex;
import dev.leasehold.core.stream.InferRequest;
import dev.leasehold.core.stream.SealedRequest;
import dev.leasehold.testkit.party.Exchange;
import dev.leasehold.testkit.party.Parties;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** What parties of a lease send each other. A first byte chooses among statements or bundles. */
final class ProtocolTargets {
  private static final long MAX_REQUEST_BYTES = 1 << 20;
  private static final HpkeKeyPair KEY = HpkeKeyPair.generate();
  private static final Exchange EXCHANGE = new Exchange(new Parties());

  private static final List<Kind<?>> KINDS =
      List.of(
          Statements.ROSTER,
          Statements.MEASUREMENTS,
          Statements.BORROWER,
          Statements.PACKAGE,
          Statements.LEASE,
          Statements.HELLO,
          Statements.CHALLENGE,
          Statements.EVIDENCE,
          Statements.APPRAISAL,
          Statements.GRANT,
          Statements.KEY_RELEASE,
          Statements.HEARTBEAT,
          Statements.ORDER,
          Statements.COMMAND,
          Statements.FINAL,
          Statements.CLOSURE,
          Statements.STAPLE,
          Statements.PROBLEM,
          Statements.INCIDENT,
          Statements.KEY_CONFIG,
          Statements.RECEIPT);

  private static final List<Class<? extends Record>> BUNDLES =
      List.of(
          Bundles.LeaseBundle.class,
          Bundles.Enrolled.class,
          Bundles.Start.class,
          Bundles.EvidencePost.class,
          Bundles.EnrolmentReply.class,
          Bundles.HeartbeatPost.class,
          Bundles.HeartbeatReply.class,
          Bundles.CommandsReply.class,
          Bundles.FinalPost.class,
          Bundles.FinalReply.class,
          Bundles.Registered.class,
          Bundles.OrderReply.class,
          Bundles.WellKnown.class);

  static final List<Target> ALL =
      List.of(
          new Target("envelope", ProtocolTargets::envelopes, ProtocolTargets::envelope),
          new Target("statement", ProtocolTargets::statements, ProtocolTargets::statement),
          new Target("bundle", ProtocolTargets::bundles, ProtocolTargets::bundle),
          new Target("enclave-config", ProtocolTargets::configs, ProtocolTargets::config),
          new Target("package-index", ProtocolTargets::indexes, ProtocolTargets::index),
          new Target("infer-request", ProtocolTargets::requests, ProtocolTargets::request),
          new Target("sealed-request", ProtocolTargets::sealedRequests, ProtocolTargets::sealed),
          new Target("hpke-public-key", ProtocolTargets::keys, ProtocolTargets::key));

  private ProtocolTargets() {}

  private static List<Envelope> signed() {
    Parties p = EXCHANGE.parties;
    return List.of(
        p.roster.envelope(),
        p.measurements.envelope(),
        p.borrower.envelope(),
        p.modelPackage.envelope(),
        p.lease.envelope(),
        EXCHANGE.challenge().envelope(),
        EXCHANGE.evidence().envelope(),
        EXCHANGE.sign(EXCHANGE.grantZero()).envelope(),
        EXCHANGE.revoke(1).envelope(),
        EXCHANGE.heartbeat(1, Parties.hash(1), Parties.hash(2), Vec.ZERO).envelope(),
        EXCHANGE.last(2, Parties.hash(1), Parties.hash(2), Vec.ZERO).envelope(),
        EXCHANGE.closure(Parties.hash(1), Vec.ZERO, Vec.ZERO).envelope());
  }

  private static List<byte[]> envelopes() {
    return signed().stream().map(e -> e.write().getBytes(UTF_8)).toList();
  }

  private static List<byte[]> statements() {
    List<byte[]> out = new ArrayList<>();
    for (Envelope e : signed()) {
      for (int i = 0; i < KINDS.size(); i++) {
        if (KINDS.get(i).payloadType().equals(e.payloadType())) {
          out.add(new ByteWriter().u8(i).bytes(e.payload().toArray()).toByteArray());
        }
      }
    }
    return out;
  }

  private static List<byte[]> bundles() {
    List<Envelope> e = signed();
    Bundles.CommandItem command = new Bundles.CommandItem(e.get(8), Optional.empty());
    return List.of(
        seed(EXCHANGE.parties.bundle()),
        seed(new Bundles.Enrolled(e.get(5), Parties.hash(7))),
        seed(
            new Bundles.EvidencePost(
                e.get(6),
                Tee.SEV_SNP,
                Bytes.of(new byte[1184]),
                List.of(Bytes.EMPTY),
                List.of(new Bundles.GpuReport(Bytes.of(new byte[9]), List.of())))),
        seed(
            new Bundles.HeartbeatReply(
                e.get(7),
                Optional.empty(),
                List.of(command),
                List.of(),
                List.of(),
                Json.Obj.EMPTY)),
        seed(new Bundles.CommandsReply(List.of(command))),
        seed(new Bundles.FinalPost(e.get(10), Optional.of(e.get(7)), Optional.empty())),
        seed(new Bundles.OrderReply(Parties.hash(3), Vec.ZERO, List.of(Parties.id(4)), Vec.ZERO)));
  }

  private static <B extends Record> byte[] seed(B bundle) {
    @SuppressWarnings("unchecked") // the class of an object is the class of its own type
    Class<B> type = (Class<B>) bundle.getClass();
    byte[] json = Bundle.write(type, bundle);
    return new ByteWriter().u8(BUNDLES.indexOf(type)).bytes(json).toByteArray();
  }

  private static List<byte[]> configs() {
    EnclaveConfig.Approvers approvers =
        new EnclaveConfig.Approvers(1, List.of(EXCHANGE.parties.approver.key()));
    return List.of(new EnclaveConfig(1, approvers, Lease.ClockClass.NONE, 1_000).encode());
  }

  private static List<byte[]> indexes() {
    PackageFile a = new PackageFile("a/model.gguf", 77, Parties.hash(1), Parties.hash(2));
    PackageFile b = new PackageFile("b", 0, Parties.hash(3), Parties.hash(4));
    return List.of(new PackageIndex(List.of(a, b)).encode(), new PackageIndex(List.of()).encode());
  }

  private static List<byte[]> requests() {
    return List.of(
        new InferRequest(
                1,
                Nonce.of(new byte[Nonce.BYTES]),
                InferRequest.Api.OPENAI_CHAT,
                "stories",
                InferRequest.Delivery.STREAMED,
                64,
                0,
                "",
                Bytes.of("{\"messages\":[]}".getBytes(UTF_8)))
            .encode());
  }

  private static List<byte[]> sealedRequests() throws Malformed {
    Hash keyconfig = Parties.hash(5);
    return List.of(
        SealedRequest.seal(keyconfig, KEY.publicKey(), requests().getFirst(), MAX_REQUEST_BYTES)
            .request()
            .encode());
  }

  private static List<byte[]> keys() {
    return List.of(KEY.publicKey().raw().toArray());
  }

  private static void envelope(byte[] input) throws Malformed {
    Envelope e = Envelope.parse("input", input);
    Envelope again = Envelope.parse("written", e.write().getBytes(UTF_8));
    Target.require(again.equals(e) && again.hash().equals(e.hash()), "one statement, one hash");
  }

  private static void statement(byte[] input) throws Malformed {
    if (input.length > 0) {
      Kind<?> kind = KINDS.get((input[0] & 0xff) % KINDS.size());
      roundTrip(kind, Arrays.copyOfRange(input, 1, input.length));
    }
  }

  private static <T extends Record> void roundTrip(Kind<T> kind, byte[] payload) throws Malformed {
    T statement = kind.decode(payload);
    T again = kind.decode(kind.encode(statement));
    Target.require(again.equals(statement), kind + ": what is written is what was read");
  }

  private static void bundle(byte[] input) throws Malformed {
    if (input.length > 0) {
      Class<? extends Record> type = BUNDLES.get((input[0] & 0xff) % BUNDLES.size());
      roundTrip(type, Arrays.copyOfRange(input, 1, input.length));
    }
  }

  private static <B extends Record> void roundTrip(Class<B> type, byte[] json) throws Malformed {
    B bundle = Bundle.parse(type, json, Bundles.MAX_EVIDENCE_BYTES);
    B again = Bundle.parse(type, Bundle.write(type, bundle), Integer.MAX_VALUE);
    Target.require(again.equals(bundle), type + ": what is written is what was read");
  }

  private static void config(byte[] input) throws Malformed {
    EnclaveConfig config = EnclaveConfig.parse(input);
    Target.require(
        EnclaveConfig.parse(config.encode()).approverSet().equals(config.approverSet()),
        "one configuration, one approver set");
  }

  private static void index(byte[] input) throws Malformed {
    PackageIndex index = PackageIndex.parse(input);
    Target.require(Arrays.equals(index.encode(), input), "an index has one spelling");
    Target.require(index.streamBytes() > input.length, "a stream holds its index");
  }

  private static void request(byte[] input) throws Malformed {
    InferRequest request = InferRequest.parse(input);
    Target.require(
        InferRequest.parse(request.encode()).equals(request), "what is written is what was read");
  }

  private static void sealed(byte[] input) throws Malformed {
    SealedRequest request = SealedRequest.parse(input, MAX_REQUEST_BYTES);
    Target.require(Arrays.equals(request.encode(), input), "a request has one form");
  }

  private static void key(byte[] input) throws Malformed {
    HpkePublicKey key = HpkePublicKey.parse("input", Bytes.of(input));
    Target.require(key.raw().equals(Bytes.of(input)), "a key is its bytes");
  }
}
