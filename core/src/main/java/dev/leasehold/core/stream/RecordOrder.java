package dev.leasehold.core.stream;

import dev.leasehold.core.bytes.Malformed;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * The order of records (protocol §11.3): API bytes…, salt, receipt, staple. An error takes the
 * place of further API bytes: alone when nothing was charged, else before salt, receipt and staple.
 */
final class RecordOrder {
  private static final Set<RecordType> FIRST =
      EnumSet.of(RecordType.API, RecordType.ERROR, RecordType.SALT);

  /** The kinds so far; API bytes are noted once. */
  private final List<RecordType> seen = new ArrayList<>();

  void next(RecordType type) throws Malformed {
    Set<RecordType> allowed = seen.isEmpty() ? FIRST : after(seen.getLast());
    if (!allowed.contains(type)) {
      throw new Malformed("response.record", "after " + seen + " one of " + allowed, type.name());
    }
    if (type != RecordType.API || seen.isEmpty()) {
      seen.add(type);
    }
  }

  /** The answer may end here. */
  void end() throws Malformed {
    if (!seen.equals(List.of(RecordType.ERROR)) && !seen.contains(RecordType.STAPLE)) {
      throw new Malformed(
          "response", "salt, receipt and staple, or only an error", "the end after " + seen);
    }
  }

  private static Set<RecordType> after(RecordType type) {
    return switch (type) {
      case API -> FIRST;
      case ERROR -> EnumSet.of(RecordType.SALT);
      case SALT -> EnumSet.of(RecordType.RECEIPT);
      case RECEIPT -> EnumSet.of(RecordType.STAPLE);
      case STAPLE -> EnumSet.noneOf(RecordType.class);
    };
  }
}
