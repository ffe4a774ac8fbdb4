package swarmformer.model;

import ai.djl.ndarray.NDList;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.IValueUtils;
import ai.djl.pytorch.jni.JniUtils;
import java.io.IOException;
import java.io.InputStream;

/** What the network needs of the inside of DJL's PyTorch engine, which may change with it. */
final class TorchJni {
  private TorchJni() {}

  /**
   * Settings of each thread that runs a program. It is not optimised: PyTorch would profile and
   * compile it anew for each shape, and the network has many shapes and few operators.
   *
   * @param gradients whether they are recorded
   */
  static void prepareThread(boolean gradients) {
    JniUtils.setGraphExecutorOptimize(false);
    JniUtils.setGradMode(gradients);
  }

  /** Loads a TorchScript archive. */
  static PtSymbolBlock load(PtNDManager memory, InputStream archive) throws IOException {
    return JniUtils.loadModule(memory, archive, false, false);
  }

  /** Runs a program. Inputs with names such as {@code weights[]} are parts of lists and dicts. */
  static NDList run(PtSymbolBlock program, NDList inputs, boolean gradients) {
    return IValueUtils.forward(program, inputs, gradients);
  }

  /** Threads of an operator. */
  static int threads() {
    return JniUtils.getNumThreads();
  }

  /** Gives memory that no tensor uses back to the GPU. */
  static void emptyCudaCache() {
    JniUtils.emptyCudaCache();
  }
}
