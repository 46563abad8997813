package dev.leasehold.enclave.model;

import dev.leasehold.core.lease.Vec;
import dev.leasehold.enclave.model.engine.LlmEngine;
import dev.leasehold.enclave.model.engine.Tariff;
import dev.leasehold.enclave.model.engine.Vocabulary;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * One request on its way through the engine.
 *
 * <p>The kernel reads all but the last prompt token as prefill; every decode step then feeds one
 * token and makes one. So n output tokens take exactly n steps, each charged before it, and the
 * first one is as dear as the others. Only the scheduler's thread touches a lane once it runs.
 */
final class Lane {
  private final GenerateRequest request;
  private final int[] prompt;
  private final TextSink sink;
  private final Sampler sampler;
  private final StopFilter filter;
  private final Utf8Assembler utf8 = new Utf8Assembler();

  private Vec charged;
  private int sequence = -1;
  private int prefilled;
  private int made;
  private int token;
  private @Nullable Long parkedUntil;

  Lane(GenerateRequest request, int[] prompt, TextSink sink, long seed, Vec admission) {
    this.request = request;
    this.prompt = prompt;
    this.sink = sink;
    sampler = new Sampler(request.sampling(), prompt, seed);
    filter = new StopFilter(request.stop());
    charged = admission;
    token = prompt[prompt.length - 1];
  }

  void enter(int sequence) {
    this.sequence = sequence;
  }

  int sequence() {
    return sequence;
  }

  boolean cancelled() {
    return sink.cancelled();
  }

  boolean inPrefill() {
    return prefilled < prompt.length;
  }

  boolean wantsDecode() {
    return !inPrefill() && sink.ready();
  }

  /** How many prompt tokens the next prefill is charged for. */
  int prefillSize(int most) {
    return Math.min(most, prompt.length - prefilled);
  }

  Vec prefillNeed(Tariff tariff, int size) {
    return tariff.prefill(prefilled, size);
  }

  /** The tokens the kernel reads for it; the last prompt token waits for the first decode. */
  int[] prefillTokens(int size) {
    int end = Math.min(prefilled + size, prompt.length - 1);
    return Arrays.copyOfRange(prompt, prefilled, end);
  }

  int prefillFrom() {
    return prefilled;
  }

  void prefilled(int size) {
    prefilled += size;
  }

  Vec decodeNeed(Tariff tariff) {
    return tariff.decode(position() + 1);
  }

  LlmEngine.Decode decode() {
    return new LlmEngine.Decode(sequence, token, position());
  }

  private int position() {
    return prompt.length - 1 + made;
  }

  void charge(Vec cost) {
    charged = charged.plus(cost);
  }

  /** A token was made, whether it may be shown or not. */
  void made(float[] scores) {
    token = sampler.next(scores);
    made++;
  }

  /** Shows the newest token; returns why the text ends with it, or null. */
  @Nullable Finish emit(Vocabulary vocabulary, int contextLength) {
    if (vocabulary.endsText(token)) {
      end();
      return Finish.STOP;
    }
    show(filter.push(utf8.append(vocabulary.piece(token))));
    if (filter.stopped()) {
      return Finish.STOP;
    }
    if (made == request.maxTokens() || position() + 1 >= contextLength) {
      end();
      return Finish.LENGTH;
    }
    return null;
  }

  /** Shows what was held back. */
  void end() {
    show(filter.push(utf8.flush()));
    show(filter.flush());
  }

  void finish(Finish finish) {
    sink.finished(finish, charged, new Usage(prompt.length, made));
  }

  /** Starts waiting for a grant, unless it waits already; returns until when. */
  long park(long until) {
    if (parkedUntil == null) {
      parkedUntil = until;
    }
    return parkedUntil;
  }

  void unpark() {
    parkedUntil = null;
  }

  private void show(String text) {
    if (!text.isEmpty()) {
      sink.text(text);
    }
  }
}
