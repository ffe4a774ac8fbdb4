package swarmformer.model;

/**
 * Settings of one step of the optimizer: Loshchilov and Hutter, <i>Decoupled Weight Decay
 * Regularization</i> (2019).
 *
 * @param learningRate of this step
 * @param beta1 decay of the gradient's mean
 * @param beta2 decay of its square's mean
 * @param epsilon added to the root of the latter
 * @param weightDecay share of each weight that is taken away, times the learning rate
 * @param greatestNorm of the gradient, which is scaled down to it
 * @param averageDecay decay of the moving average of the weights
 */
public record AdamW(
    double learningRate,
    double beta1,
    double beta2,
    double epsilon,
    double weightDecay,
    double greatestNorm,
    double averageDecay) {
  /** In the order that {@code adamw.py} takes them. */
  double[] numbers() {
    return new double[] {
      learningRate, beta1, beta2, epsilon, weightDecay, greatestNorm, averageDecay
    };
  }
}
