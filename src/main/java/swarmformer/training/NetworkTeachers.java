package swarmformer.training;

import ai.djl.Device;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import swarmformer.model.Precision;
import swarmformer.model.SwarmFormer;

/**
 * Trained networks that teach another one: they read what it reads, and their probabilities are
 * averaged with the linear teacher's (Beyer et al., <i>Knowledge distillation: A good teacher is
 * patient and consistent</i>, 2022). Safe for use by many threads; holds native memory until
 * closed.
 */
final class NetworkTeachers implements AutoCloseable {
  private final List<SwarmFormer> networks = new ArrayList<>();

  /**
   * Loads them.
   *
   * @param models of the same classes; may be none
   * @param microBatch token positions to compute at once
   */
  NetworkTeachers(List<NamedModel> models, Device device, Precision precision, int microBatch) {
    models.forEach(
        model ->
            networks.add(SwarmFormer.plain(model.checkpoint(), device, precision, microBatch)));
  }

  /**
   * What the networks say of ids.
   *
   * @param ids (B, any length); of those longer than a network's window it reads its own side
   * @return the mean of their log-probabilities, (B, N); without networks (B, 0)
   */
  double[][] logShares(int[][] ids) {
    double[][] mean = new double[ids.length][];
    Arrays.fill(mean, new double[0]);
    for (SwarmFormer network : networks) {
      int[][] windows =
          Arrays.stream(ids)
              .map(
                  all ->
                      Example.window(
                          all, network.config().seqLen(), network.config().truncationSide()))
              .toArray(int[][]::new);
      float[][] logits = Validation.logits(network, windows);
      for (int row = 0; row < ids.length; row++) {
        double[] shares = Validation.logShares(logits[row]);
        if (mean[row].length == 0) {
          mean[row] = new double[shares.length];
        }
        for (int k = 0; k < shares.length; k++) {
          mean[row][k] += shares[k] / networks.size();
        }
      }
    }
    return mean;
  }

  @Override
  public void close() {
    networks.forEach(SwarmFormer::close);
  }
}
