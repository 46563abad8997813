package dev.leasehold.enclave.life;

/**
 * Everything this program ever writes to its log: these words, and a number or a name beside them.
 */
public enum Event {
  CONFIG_REFUSED("cannot use its options or its configuration"),
  HOST_REFUSED("refuses to run in this process"),
  CHALLENGED("has a challenge from the custodian"),
  NO_REPORT("gets no report from the hardware"),
  START_REFUSED("was handed objects that its approvers did not sign"),
  ENROLMENT_REFUSED("was refused by the custodian, status"),
  ENROLLED("enrolled"),
  LOADING("loading the model, per cent"),
  LOAD_FAILED("cannot load the model: key, package or engine is not as it must be"),
  LISTENING("listening on"),
  GRANT_DROPPED("dropped a grant that failed the check"),
  RECALLED("attests again"),
  REATTESTED("attested again"),
  STOPPING("stops, reason"),
  FRAMES_CUT("ended before all last frames were taken"),
  WIPED("wiped keys and weights"),
  CLOSED("closed: the custodian has the final"),
  NOT_CLOSED("ends without a closure; the relay goes on carrying the final");

  private final String words;

  Event(String words) {
    this.words = words;
  }

  /** What a person reads. */
  public String words() {
    return words;
  }
}
