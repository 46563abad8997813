package dev.leasehold.consumer.ask;

import dev.leasehold.consumer.relay.RelayClient;
import dev.leasehold.consumer.relay.RelayClient.Reply;
import dev.leasehold.consumer.trust.CheckFailed;
import dev.leasehold.consumer.trust.StapleCheck;
import dev.leasehold.consumer.trust.TrustKeeper;
import dev.leasehold.consumer.trust.TrustedEnclave;
import dev.leasehold.core.bytes.Bytes;
import dev.leasehold.core.bytes.Malformed;
import dev.leasehold.core.bytes.Nonce;
import dev.leasehold.core.dsse.Envelope;
import dev.leasehold.core.dsse.Signed;
import dev.leasehold.core.lease.KeyConfig;
import dev.leasehold.core.lease.Receipt;
import dev.leasehold.core.stream.Ending;
import dev.leasehold.core.stream.InferRequest;
import dev.leasehold.core.stream.ResponseReader;
import dev.leasehold.core.stream.ResponseReader.ApiSink;
import dev.leasehold.core.stream.SealedRequest;
import java.io.IOException;
import java.io.InputStream;
import java.security.SecureRandom;
import java.time.InstantSource;

/**
 * Asks one question of a trusted enclave and returns its answer only if all of it is proven. No
 * byte of a question leaves before the enclave has passed every check.
 */
public final class Asker {
  private static final String CUT = "do not use what came so far as an answer; ask again";

  private final TrustKeeper keeper;
  private final RelayClient relay;
  private final Receipts receipts;
  private final InstantSource clock;
  private final SecureRandom random;

  public Asker(
      TrustKeeper keeper,
      RelayClient relay,
      Receipts receipts,
      InstantSource clock,
      SecureRandom random) {
    this.keeper = keeper;
    this.relay = relay;
    this.receipts = receipts;
    this.clock = clock;
    this.random = random;
  }

  /** A request under way. */
  private record Sent(TrustedEnclave enclave, SealedRequest.Sent sealed, InputStream frames)
      implements AutoCloseable {
    @Override
    public void close() throws IOException {
      sealed.responseSecret().close();
      frames.close();
    }
  }

  /**
   * Asks.
   *
   * @param sink takes API bytes as they come, before anything about them is proven
   * @throws ClientGone when the sink said so; the request at the enclave has been ended
   */
  public Answer ask(Question question, ApiSink sink) throws CheckFailed, TooLarge, ClientGone {
    Transcript transcript = new Transcript(sink);
    try (Sent sent = send(question)) {
      return switch (read(sent, transcript)) {
        case Ending.Refused(Bytes error) -> new Answer.Refused(error);
        case Ending.Charged charged -> proven(question, sent, charged, transcript.bytes());
      };
    } catch (ClientGone e) {
      throw e;
    } catch (IOException e) {
      throw new CheckFailed("answer", "a stream with its last frame", e.toString(), CUT);
    }
  }

  private Sent send(Question question) throws CheckFailed, TooLarge {
    TrustedEnclave enclave = keeper.current();
    SealedRequest.Sent first = seal(question, enclave);
    if (relay.seal(first.request()) instanceof Reply.Frames(InputStream body)) {
      return new Sent(enclave, first, body);
    }
    first.responseSecret().close();
    TrustedEnclave renewed = keeper.insteadOf(enclave);
    SealedRequest.Sent second = seal(question, renewed);
    if (relay.seal(second.request()) instanceof Reply.Frames(InputStream body)) {
      return new Sent(renewed, second, body);
    }
    second.responseSecret().close();
    throw new CheckFailed(
        "keyconfig",
        "an enclave that knows the key it publishes",
        "unknown-key, twice",
        "try again; if it stays so, the relay answers for another enclave than it shows");
  }

  private SealedRequest.Sent seal(Question question, TrustedEnclave enclave) throws TooLarge {
    byte[] nonce = new byte[Nonce.BYTES];
    random.nextBytes(nonce);
    InferRequest request =
        new InferRequest(
            1,
            Nonce.of(nonce),
            question.api(),
            question.model(),
            question.delivery(),
            question.maxOutputTokens(),
            question.jsonBytes(),
            "",
            question.body());
    KeyConfig k = enclave.keyconfig().body();
    try {
      return SealedRequest.seal(
          enclave.keyconfig().hash(), enclave.ck(), request.encode(), k.maxRequestBytes());
    } catch (Malformed e) {
      throw new TooLarge(String.valueOf(e.getMessage()));
    }
  }

  private static Ending read(Sent sent, Transcript transcript) throws IOException, CheckFailed {
    int frameBytes = (int) sent.enclave.keyconfig().body().frameBytes();
    ResponseReader reader =
        new ResponseReader(
            sent.sealed.responseSecret(), sent.sealed.request().sealed().enc(), frameBytes);
    try {
      return reader.read(sent.frames, transcript);
    } catch (Malformed e) {
      throw new CheckFailed("answer", e.field() + ": " + e.expected(), e.found(), CUT);
    }
  }

  private Answer proven(Question question, Sent sent, Ending.Charged ending, Bytes response)
      throws CheckFailed {
    TrustedEnclave enclave = live(sent.enclave, ending.staple());
    Signed<Receipt> receipt =
        new ReceiptCheck(
                enclave,
                sent.enclave.keyconfig().body().keySeq(),
                sent.sealed.request().hash(),
                question.body())
            .check(ending, response);
    receipts.keep(receipt);
    return new Answer.Charged(response, receipt, ending.error());
  }

  /**
   * The enclave that was asked, shown by its staple to be live. A staple may be newer than what is
   * kept of the enclave (it attested anew, the lease changed): then all is fetched and checked once
   * more.
   */
  private TrustedEnclave live(TrustedEnclave asked, Bytes staple) throws CheckFailed {
    Envelope envelope =
        CheckFailed.opening("staple", CUT, () -> Envelope.parse("staple", staple.toArray()));
    try {
      StapleCheck.ofAnswer(envelope, asked, clock.instant());
      return asked;
    } catch (CheckFailed first) {
      TrustedEnclave renewed = keeper.insteadOf(asked);
      if (!renewed.ik().equals(asked.ik())) {
        throw first;
      }
      StapleCheck.ofAnswer(envelope, renewed, clock.instant());
      return renewed;
    }
  }
}
