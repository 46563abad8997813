package dev.leasehold.custodian.api;

/** Every path a custodian answers, and what opens it. A new path says here who may call it. */
public enum Route {
  ROSTERS("POST", "/v1/rosters", Door.SIGNATURES),
  MEASUREMENTS("POST", "/v1/measurements", Door.SIGNATURES),
  BORROWERS("POST", "/v1/borrowers", Door.SIGNATURES),
  PACKAGES("POST", "/v1/packages", Door.SIGNATURES),
  LEASES("POST", "/v1/leases", Door.SIGNATURES),
  ORDERS("POST", "/v1/orders", Door.SIGNATURES),
  HELLO("POST", "/v1/instances", Door.SIGNATURES),
  DEK("POST", "/v1/packages/{packageId}/dek", Door.SEALED),
  CHALLENGE("POST", "/v1/instances/{instanceId}/challenge", Door.BEARER_OF_THE_INSTANCE),
  EVIDENCE("POST", "/v1/instances/{instanceId}/evidence", Door.BEARER_OF_THE_INSTANCE),
  HEARTBEAT("POST", "/v1/instances/{instanceId}/heartbeat", Door.BEARER_OF_THE_INSTANCE),
  FINAL("POST", "/v1/instances/{instanceId}/final", Door.BEARER_OF_THE_INSTANCE),
  COMMANDS("GET", "/v1/instances/{instanceId}/commands", Door.BEARER_OF_THE_INSTANCE),
  STAPLE("GET", "/v1/instances/{instanceId}/staple", Door.PUBLIC),
  BUNDLE("GET", "/v1/leases/{leaseId}/bundle", Door.PUBLIC),
  VIEW_LEASES("GET", "/v1/leases", Door.BEARER_OF_AN_OPERATOR),
  VIEW_LEASE("GET", "/v1/leases/{leaseId}", Door.BEARER_OF_AN_OPERATOR),
  VIEW_INSTANCE("GET", "/v1/instances/{instanceId}", Door.BEARER_OF_AN_OPERATOR),
  VIEW_COMMANDS("GET", "/v1/leases/{leaseId}/commands", Door.BEARER_OF_AN_OPERATOR),
  VIEW_CESSATION("GET", "/v1/instances/{instanceId}/cessation", Door.BEARER_OF_AN_OPERATOR),
  VIEW_INCIDENTS("GET", "/v1/incidents", Door.BEARER_OF_AN_OPERATOR),
  LOG_CHECKPOINT("GET", "/log/checkpoint", Door.NONE),
  LOG_TILE("GET", "/log/tile/{+rest}", Door.NONE),
  LOG_PROOF("GET", "/log/proof", Door.NONE),
  HEALTH("GET", "/healthz", Door.THIS_MACHINE),
  METRICS("GET", "/metrics", Door.THIS_MACHINE);

  /** What opens a path. */
  public enum Door {
    /** Those of a statement, by people or by the borrower's relay. */
    SIGNATURES,
    /** A message sealed to the custodian that opens to what was committed to. */
    SEALED,
    BEARER_OF_THE_INSTANCE,
    BEARER_OF_AN_OPERATOR,
    /** Nothing, for whoever knows the identifier. */
    PUBLIC,
    /** It is there for everybody. */
    NONE,
    /** A connection from the machine itself. */
    THIS_MACHINE
  }

  private final String method;
  private final String path;
  private final Door door;

  Route(String method, String path, Door door) {
    this.method = method;
    this.path = path;
    this.door = door;
  }

  public String method() {
    return method;
  }

  public String path() {
    return path;
  }

  public Door door() {
    return door;
  }
}
