package dev.leasehold.testkit.dcap;

/** The shapes quotes come in. */
public enum QuoteForm {
  SGX_V3(3, 0x00, 1, 384),
  SGX_V4(4, 0x00, 1, 384),
  SGX_V5(5, 0x00, 1, 384),
  /** A trust domain under a module of TDX 1.0. */
  TDX_V4(4, 0x81, 2, 584),
  TDX_V5_TD_1_0(5, 0x81, 2, 584),
  TDX_V5_TD_1_5(5, 0x81, 3, 648);

  private final int version;
  private final int tee;
  private final int bodyType;
  private final int bodyBytes;

  QuoteForm(int version, int tee, int bodyType, int bodyBytes) {
    this.version = version;
    this.tee = tee;
    this.bodyType = bodyType;
    this.bodyBytes = bodyBytes;
  }

  public boolean isTdx() {
    return tee != 0;
  }

  public boolean isTd15() {
    return bodyType == 3;
  }

  int version() {
    return version;
  }

  int tee() {
    return tee;
  }

  int bodyType() {
    return bodyType;
  }

  int bodyBytes() {
    return bodyBytes;
  }

  /** Where the body begins: version 5 says before it what it is. */
  int bodyOffset() {
    return version == 5 ? 54 : 48;
  }
}
