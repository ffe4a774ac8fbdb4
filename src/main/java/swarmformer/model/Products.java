package swarmformer.model;

import ai.djl.Device;
import ai.djl.engine.EngineException;
import ai.djl.pytorch.engine.PtNDManager;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The texts that multiply with weights, of which a network takes one. */
final class Products {
  /** PyTorch's own products, on every device. */
  static final String PLAIN = "plain.py";

  /** oneDNN's with packed weights, on processors that PyTorch has it for. */
  static final String ONEDNN = "onednn.py";

  private static final Logger LOG = LoggerFactory.getLogger(Products.class);

  private Products() {}

  static boolean hasOneDnn() {
    try (PtNDManager scratch = TorchEngine.newManager(Device.cpu())) {
      NetworkProgram.load(scratch, ONEDNN, "inference.py").close();
      return true;
    } catch (EngineException e) {
      LOG.info("PyTorch has no oneDNN here: {}", e.getMessage());
      return false;
    }
  }
}
