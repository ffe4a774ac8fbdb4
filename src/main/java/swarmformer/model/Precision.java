package swarmformer.model;

/** The number format of the network's products; softmax, pooling and logits are float32 always. */
public enum Precision {
  /** 24 bits of mantissa: the reference. */
  FLOAT32("float32", 6),

  /** 8 bits of mantissa: several times faster where the hardware multiplies it. */
  BFLOAT16("bfloat16", 15);

  private final String text;
  private final int torchCode;

  Precision(String text, int torchCode) {
    this.text = text;
    this.torchCode = torchCode;
  }

  /** PyTorch's number of the format. */
  int torchCode() {
    return torchCode;
  }

  /** Its name, as options and metrics have it. */
  @Override
  public String toString() {
    return text;
  }
}
