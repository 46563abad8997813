package dev.leasehold.core.evidence.dcap;

import dev.leasehold.core.bytes.Malformed;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Well-formed statements as Intel words them, for tests of what is read out of them. */
final class IntelText {
  static final String ISV_UP_TO_DATE = isvLevel(0, "UpToDate");

  private static final String DATES =
      "'issueDate':'2026-01-01T00:00:00Z','nextUpdate':'2026-02-01T00:00:00Z',"
          + "'tcbEvaluationDataNumber':18,";
  private static final String MODULE =
      "'mrsigner':'"
          + "00".repeat(48)
          + "','attributes':'0000000000000000',"
          + "'attributesMask':'FFFFFFFFFFFFFFFF'";

  private IntelText() {}

  /** A TCB info for SGX with these levels. */
  static String sgx(String... levels) {
    return quoted(
        "{'id':'SGX','version':3," + DATES + platform() + "'tcbLevels':[" + list(levels) + "]}");
  }

  /** A TCB info for TDX with the levels of module TDX_01 and those of the platform. */
  static String tdx(String moduleLevels, String... levels) {
    return quoted(
        "{'id':'TDX','version':3,"
            + DATES
            + platform()
            + "'tdxModule':{"
            + MODULE
            + "},'tdxModuleIdentities':[{'id':'TDX_01',"
            + MODULE
            + ",'tcbLevels':["
            + moduleLevels
            + "]}],'tcbLevels':["
            + list(levels)
            + "]}");
  }

  static String qe(String id, String... levels) {
    return quoted(
        "{'id':'"
            + id
            + "','version':2,"
            + DATES
            + "'miscselect':'00000000','miscselectMask':'FFFFFFFF',"
            + "'attributes':'11000000000000000000000000000000',"
            + "'attributesMask':'FBFFFFFFFFFFFFFF0000000000000000','mrsigner':'"
            + "DC".repeat(32)
            + "','isvprodid':2,'tcbLevels':["
            + list(levels)
            + "]}");
  }

  /** A level of a platform: every component of both at least these. */
  static String level(int sgx, int tdx, int pceSvn, String status, String... advisories) {
    return level(
        Collections.nCopies(16, sgx), Collections.nCopies(16, tdx), pceSvn, status, advisories);
  }

  static String level(
      List<Integer> sgx, List<Integer> tdx, int pceSvn, String status, String... advisories) {
    return quoted(
        "{'tcb':{'sgxtcbcomponents':["
            + svns(sgx)
            + "],'pcesvn':"
            + pceSvn
            + ",'tdxtcbcomponents':["
            + svns(tdx)
            + "]},"
            + rest(status, advisories));
  }

  /** A level of a module or of a quoting enclave. */
  static String isvLevel(int isvSvn, String status, String... advisories) {
    return quoted("{'tcb':{'isvsvn':" + isvSvn + "}," + rest(status, advisories));
  }

  static TcbInfo tcbInfo(String json) throws Malformed {
    return TcbInfo.parse("info", bytes(json), new byte[64], List.of());
  }

  static QeIdentity qeIdentity(String json) throws Malformed {
    return QeIdentity.parse("identity", bytes(json), new byte[64], List.of());
  }

  static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static String rest(String status, String... advisories) {
    String ids =
        IntStream.range(0, advisories.length)
            .mapToObj(i -> "'" + advisories[i] + "'")
            .collect(Collectors.joining(","));
    return "'tcbDate':'2025-0"
        + (status.startsWith("UpToDate") ? 2 : 1)
        + "-01T00:00:00Z','tcbStatus':'"
        + status
        + "'"
        + (ids.isEmpty() ? "" : ",'advisoryIDs':[" + ids + "]")
        + "}";
  }

  private static String platform() {
    return "'fmspc':'90C06F000000','pceId':'0000','tcbType':0,";
  }

  private static String svns(List<Integer> svns) {
    return svns.stream().map(s -> "{'svn':" + s + "}").collect(Collectors.joining(","));
  }

  private static String list(String... items) {
    return String.join(",", items);
  }

  private static String quoted(String text) {
    return text.replace('\'', '"');
  }
}
