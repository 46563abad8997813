package dev.leasehold.cli.demo;

import dev.leasehold.core.bytes.Malformed;
import dev.leasehold.core.json.ApiJson;
import dev.leasehold.core.json.Json;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/** The uncased BERT tokenizer, for plain English: words, then the longest known pieces of each. */
final class WordPieces {
  private static final int MAX_FILE = 4 << 20;
  private static final Pattern WORD = Pattern.compile("[a-z0-9]+|[^a-z0-9\\s]");

  private final Map<String, Long> vocabulary = new HashMap<>();

  /** Reads the vocabulary of a {@code tokenizer.json}. */
  WordPieces(byte[] tokenizerJson) throws Malformed {
    Json.Obj file = ApiJson.parse("tokenizer.json", tokenizerJson, MAX_FILE);
    if (file.get("model").orElse(null) instanceof Json.Obj model
        && model.get("vocab").orElse(null) instanceof Json.Obj vocab) {
      vocab
          .members()
          .forEach((piece, id) -> {
            if (id instanceof Json.Int(long n)) {
              vocabulary.put(piece, n);
            }
          });
    }
    for (String needed : List.of("[CLS]", "[SEP]", "[UNK]")) {
      if (!vocabulary.containsKey(needed)) {
        throw new Malformed("tokenizer.json", "a vocabulary with " + needed, "none");
      }
    }
  }

  /** Token ids with the model's start and end marks. */
  List<Long> encode(String text) {
    List<Long> ids = new ArrayList<>(List.of(id("[CLS]")));
    WORD.matcher(text.toLowerCase(Locale.ROOT))
        .results()
        .forEach(match -> ids.addAll(pieces(match.group())));
    ids.add(id("[SEP]"));
    return ids;
  }

  private List<Long> pieces(String word) {
    List<Long> ids = new ArrayList<>();
    int start = 0;
    while (start < word.length()) {
      int end = word.length();
      String prefix = start == 0 ? "" : "##";
      while (end > start && !vocabulary.containsKey(prefix + word.substring(start, end))) {
        end--;
      }
      if (end == start) {
        return List.of(id("[UNK]"));
      }
      ids.add(id(prefix + word.substring(start, end)));
      start = end;
    }
    return ids;
  }

  private long id(String piece) {
    return vocabulary.getOrDefault(piece, 0L);
  }
}
