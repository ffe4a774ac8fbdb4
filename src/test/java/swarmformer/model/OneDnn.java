package swarmformer.model;

import ai.djl.Device;
import ai.djl.engine.EngineException;
import ai.djl.pytorch.engine.PtNDManager;

/** Whether PyTorch has oneDNN's products on this machine. */
final class OneDnn {
  private OneDnn() {}

  static boolean isThere() {
    try (PtNDManager scratch = TorchEngine.newManager(Device.cpu())) {
      NetworkProgram.inference(scratch, Products.ONEDNN).close();
      return true;
    } catch (EngineException e) {
      return false;
    }
  }
}
