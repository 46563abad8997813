package dev.leasehold.custodian;

import dev.leasehold.core.bytes.Bytes;
import dev.leasehold.core.bytes.Malformed;
import dev.leasehold.core.bytes.Nonce;
import dev.leasehold.core.dsse.BadSignature;
import dev.leasehold.core.dsse.Bundle;
import dev.leasehold.core.dsse.Dsse;
import dev.leasehold.core.dsse.Envelope;
import dev.leasehold.core.dsse.KeyRecord;
import dev.leasehold.core.dsse.Signed;
import dev.leasehold.core.hpke.HpkePublicKey;
import dev.leasehold.core.lease.Bundles;
import dev.leasehold.core.lease.KeyConfig;
import dev.leasehold.core.lease.Receipt;
import dev.leasehold.core.lease.Statements;
import dev.leasehold.core.stream.Ending;
import dev.leasehold.core.stream.InferRequest;
import dev.leasehold.core.stream.ResponseReader;
import dev.leasehold.core.stream.SealedRequest;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;

/**
 * Asks one enclave through its relay, one connection a stream, and opens every frame. It believes
 * the enclave's key without evidence: that check is made before a stream, not during it.
 */
final class Consumer {
  private static final int MAX_WELL_KNOWN = 1 << 20;
  private static final byte[] ASKED =
      "{\"model\":\"stories\",\"prompt\":\"Go\",\"temperature\":0,\"stream\":true}"
          .getBytes(StandardCharsets.UTF_8);

  private final URI relay;
  private final KeyRecord ik;
  private final String word;
  private final Signed<KeyConfig> config;

  /**
   * A consumer that is ready to ask.
   *
   * @param relay its outer listener
   * @param word what the engine writes at every step
   */
  Consumer(URI relay, KeyRecord ik, String word) throws IOException, Malformed, BadSignature {
    this.relay = relay;
    this.ik = ik;
    this.word = word;
    try (InputStream in = relay.resolve("/.well-known/leasehold").toURL().openStream()) {
      Bundles.WellKnown shown =
          Bundle.parse(Bundles.WellKnown.class, in.readNBytes(MAX_WELL_KNOWN), MAX_WELL_KNOWN);
      this.config = Dsse.open(Statements.KEY_CONFIG, shown.keyconfig(), ik);
    }
  }

  /**
   * A stream that was read to its end.
   *
   * @param lastWord when it came, by {@link System#nanoTime}
   */
  record Heard(long lastWord, Receipt receipt) {}

  /** Reads a stream to its end; {@code speaking} is counted down by its first word. */
  Heard listen(CountDownLatch speaking) throws IOException, Malformed, BadSignature {
    SealedRequest.Sent sent =
        SealedRequest.seal(
            config.hash(),
            HpkePublicKey.parse("ck", config.body().ck()),
            request().encode(),
            config.body().maxRequestBytes());
    long[] last = {0};
    try (InputStream frames = post(sent.request().encode())) {
      Ending ending =
          new ResponseReader(
                  sent.responseSecret(),
                  sent.request().sealed().enc(),
                  Math.toIntExact(config.body().frameBytes()))
              .read(
                  frames,
                  piece -> {
                    if (new String(piece, StandardCharsets.UTF_8).contains(word)) {
                      if (last[0] == 0) {
                        speaking.countDown();
                      }
                      last[0] = System.nanoTime();
                    }
                  });
      return new Heard(last[0], receipt(ending));
    } finally {
      sent.responseSecret().close();
    }
  }

  private static InferRequest request() {
    return new InferRequest(
        1,
        Nonce.of(Owner.random(Nonce.BYTES)),
        InferRequest.Api.OPENAI_COMPLETIONS,
        "stories",
        InferRequest.Delivery.STREAMED,
        0,
        0,
        "",
        Bytes.of(ASKED));
  }

  private InputStream post(byte[] sealed) throws IOException {
    HttpURLConnection http = (HttpURLConnection) relay.resolve("/v1/seal").toURL().openConnection();
    http.setRequestProperty("Content-Type", SealedRequest.CONTENT_TYPE);
    http.setDoOutput(true);
    http.setFixedLengthStreamingMode(sealed.length);
    http.getOutputStream().write(sealed);
    return http.getInputStream();
  }

  private Receipt receipt(Ending ending) throws Malformed, BadSignature {
    if (!(ending instanceof Ending.Charged charged)) {
      throw new IllegalStateException("the stream was refused");
    }
    Envelope envelope = Envelope.parse("receipt", charged.receipt().toArray());
    return Dsse.open(Statements.RECEIPT, envelope, ik).body();
  }
}
