package swarmformer.model;

/** The number format of the network's products; softmax, pooling and logits are float32 always. */
public enum Precision {
  /** 24 bits of mantissa: the reference. */
  FLOAT32("float32", 6, 1_024),

  /** 8 bits of mantissa: several times faster where the hardware multiplies it. */
  BFLOAT16("bfloat16", 15, 4_096);

  private final String text;
  private final int torchCode;
  private final int cpuPositions;

  Precision(String text, int torchCode, int cpuPositions) {
    this.text = text;
    this.torchCode = torchCode;
    this.cpuPositions = cpuPositions;
  }

  /** PyTorch's number of the format. */
  int torchCode() {
    return torchCode;
  }

  /**
   * Positions computed at once on a CPU. More than fits the cache next to the weights costs speed;
   * so do products that are too small.
   */
  int cpuPositions() {
    return cpuPositions;
  }

  /** Its name, as options and metrics have it. */
  @Override
  public String toString() {
    return text;
  }
}
