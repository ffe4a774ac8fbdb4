package swarmformer.model;

import ai.djl.Device;
import ai.djl.engine.EngineException;
import ai.djl.pytorch.engine.PtNDManager;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Which of two texts multiplies with weights: oneDNN's on processors that PyTorch has it for. */
final class Products {
  private static final Logger LOG = LoggerFactory.getLogger(Products.class);
  static final String ONEDNN = "onednn.py";
  static final String PLAIN = "plain.py";

  private Products() {}

  /** Name of the resource for a device. */
  static String on(Device device) {
    return device.isGpu() || !hasOneDnn() ? PLAIN : ONEDNN;
  }

  private static boolean hasOneDnn() {
    try (PtNDManager scratch = TorchEngine.newManager(Device.cpu())) {
      NetworkProgram.load(scratch, ONEDNN, "inference.py").close();
      return true;
    } catch (EngineException e) {
      LOG.info("PyTorch has no oneDNN here: {}", e.getMessage());
      return false;
    }
  }
}
