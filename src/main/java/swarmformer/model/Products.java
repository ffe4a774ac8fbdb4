package swarmformer.model;

/** The texts that multiply with weights, of which a network takes one. */
final class Products {
  /** PyTorch's own products, on every device. */
  static final String PLAIN = "plain.py";

  /** oneDNN's with packed weights, on processors that PyTorch has it for. */
  static final String ONEDNN = "onednn.py";

  private Products() {}
}
