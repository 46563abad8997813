package dev.leasehold.models;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The pieces of text a model reads and writes, in the manner of SentencePiece: a space is written
 * {@code ▁}, and a character without a piece is spelled out in bytes.
 *
 * <p>Token numbers: the three control tokens, the 256 bytes, then the pieces, best first. The order
 * is the score, so an engine that repeatedly joins the neighbours whose union scores best
 * (llama.cpp does for {@code tokenizer.ggml.model = llama}) cuts a text exactly as {@link #encode}
 * does.
 */
final class Vocabulary {
  static final int UNKNOWN = 0;
  static final int BEGIN = 1;
  static final int END = 2;
  static final int FIRST_BYTE = 3;
  static final int FIRST_PIECE = FIRST_BYTE + 256;

  static final char SPACE = '▁';

  /** No piece reaches across these boundaries, so each word can be cut by itself. */
  private static final Pattern WORD =
      Pattern.compile("▁?(?:[\\p{L}\\p{M}']+|[^▁])|▁", Pattern.DOTALL);

  private final List<String> pieces;
  private final Map<String, Integer> ranks = new HashMap<>();
  private final Map<String, int[]> cutWords = new ConcurrentHashMap<>();

  Vocabulary(List<String> pieces) {
    this.pieces = List.copyOf(pieces);
    for (String piece : pieces) {
      ranks.put(piece, ranks.size());
    }
  }

  static Stream<String> words(String text) {
    return WORD.matcher(text.replace(' ', SPACE)).results().map(MatchResult::group);
  }

  int size() {
    return FIRST_PIECE + pieces.size();
  }

  List<String> pieces() {
    return pieces;
  }

  int[] encode(String text) {
    return words(text)
        .flatMapToInt(word -> IntStream.of(cutWords.computeIfAbsent(word, this::cut)))
        .toArray();
  }

  /** Cuts a text in which spaces are already {@code ▁}, without regard to words. */
  int[] cut(String text) {
    List<String> parts = new ArrayList<>(text.codePoints().mapToObj(Character::toString).toList());
    for (int at = best(parts); at >= 0; at = best(parts)) {
      parts.set(at, parts.get(at) + parts.remove(at + 1));
    }
    return parts.stream().flatMapToInt(this::tokens).toArray();
  }

  String decode(int... tokens) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (int token : tokens) {
      if (token >= FIRST_PIECE) {
        bytes.writeBytes(pieces.get(token - FIRST_PIECE).getBytes(StandardCharsets.UTF_8));
      } else if (token >= FIRST_BYTE) {
        bytes.write(token - FIRST_BYTE);
      }
    }
    return bytes.toString(StandardCharsets.UTF_8).replace(SPACE, ' ');
  }

  private int best(List<String> parts) {
    int best = -1;
    int bestRank = Integer.MAX_VALUE;
    for (int i = 0; i + 1 < parts.size(); i++) {
      int rank = ranks.getOrDefault(parts.get(i) + parts.get(i + 1), Integer.MAX_VALUE);
      if (rank < bestRank) {
        best = i;
        bestRank = rank;
      }
    }
    return best;
  }

  private IntStream tokens(String part) {
    Integer rank = ranks.get(part);
    if (rank != null) {
      return IntStream.of(FIRST_PIECE + rank);
    }
    byte[] bytes = part.getBytes(StandardCharsets.UTF_8);
    return IntStream.range(0, bytes.length).map(i -> FIRST_BYTE + Byte.toUnsignedInt(bytes[i]));
  }
}
