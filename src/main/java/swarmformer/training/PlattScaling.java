package swarmformer.training;

import org.apache.commons.math3.linear.Array2DRowRealMatrix;
import org.apache.commons.math3.linear.ArrayRealVector;
import org.apache.commons.math3.linear.CholeskyDecomposition;

/**
 * Turns logits into probabilities that hold for texts that the model has not learned from, and for
 * short parts of them. N-grams that occur in one text only give its class away, so a logit drifts
 * with the number of tokens, and the bias makes up for texts of the usual length only.
 *
 * <p>Platt, <i>Probabilistic Outputs for Support Vector Machines</i> (1999), with the targets and
 * Newton's method of Lin, Lin and Weng, <i>A Note on Platt's Probabilistic Outputs for Support
 * Vector Machines</i> (2007), and with the length as a second feature.
 *
 * @param slope what a logit is multiplied by
 * @param offset what is added then
 * @param perToken what is added for each token
 */
record PlattScaling(double slope, double offset, double perToken) {
  /** Changes nothing. */
  static final PlattScaling NONE = new PlattScaling(1, 0, 0);

  private static final int STEPS = 100;
  private static final double SMALLEST_STEP = 1e-10;
  private static final double RIDGE = 1e-9;

  /** Lengths are counted in so many tokens, so that all three are of about one size. */
  private static final double TOKENS = 100;

  /**
   * Fits all three, from where they change nothing.
   *
   * @param logits of texts
   * @param lengths tokens of each
   * @param positive whether each is of the class
   */
  static PlattScaling fit(double[] logits, int[] lengths, boolean[] positive) {
    double[] targets = targets(positive);
    double[][] features = new double[logits.length][];
    for (int i = 0; i < features.length; i++) {
      features[i] = new double[] {logits[i], 1, lengths[i] / TOKENS};
    }
    ArrayRealVector weights = new ArrayRealVector(new double[] {1, 0, 0});
    double loss = loss(weights, features, targets);
    boolean better = true;
    for (int step = 0; step < STEPS && better; step++) {
      ArrayRealVector direction = newton(weights, features, targets);
      double size = 1;
      ArrayRealVector next = weights.combine(1, size, direction);
      double nextLoss = loss(next, features, targets);
      while (nextLoss > loss && size > SMALLEST_STEP) {
        size /= 2;
        next = weights.combine(1, size, direction);
        nextLoss = loss(next, features, targets);
      }
      better = loss - nextLoss > SMALLEST_STEP * loss;
      if (nextLoss < loss) {
        weights = next;
        loss = nextLoss;
      }
    }
    return new PlattScaling(weights.getEntry(0), weights.getEntry(1), weights.getEntry(2) / TOKENS);
  }

  /** Not quite 1 and 0, as if one more text of each kind had been seen. */
  private static double[] targets(boolean[] positive) {
    int count = 0;
    for (boolean is : positive) {
      count += is ? 1 : 0;
    }
    double[] targets = new double[positive.length];
    for (int i = 0; i < targets.length; i++) {
      targets[i] = positive[i] ? (count + 1.0) / (count + 2) : 1.0 / (positive.length - count + 2);
    }
    return targets;
  }

  /** The probability of the class, for a logit and the text's tokens. */
  double probability(double logit, int length) {
    return 1 / (1 + Math.exp(-(slope * logit + offset + perToken * length)));
  }

  private static double score(ArrayRealVector weights, double[] features) {
    double sum = 0;
    for (int k = 0; k < features.length; k++) {
      sum += weights.getEntry(k) * features[k];
    }
    return sum;
  }

  /** Cross entropy, of the score z and target t: log(1 + exp(-|z|)) + max(z, 0) - t z. */
  private static double loss(ArrayRealVector weights, double[][] features, double[] targets) {
    double loss = 0;
    for (int i = 0; i < features.length; i++) {
      double z = score(weights, features[i]);
      loss += Math.log1p(Math.exp(-Math.abs(z))) + Math.max(z, 0) - targets[i] * z;
    }
    return loss;
  }

  /** Against the gradient, divided by the matrix of second derivatives. */
  private static ArrayRealVector newton(
      ArrayRealVector weights, double[][] features, double[] targets) {
    int size = weights.getDimension();
    double[] gradient = new double[size];
    double[][] curvature = new double[size][size];
    for (int i = 0; i < features.length; i++) {
      double p = 1 / (1 + Math.exp(-score(weights, features[i])));
      for (int k = 0; k < size; k++) {
        gradient[k] -= (p - targets[i]) * features[i][k];
        for (int other = 0; other < size; other++) {
          curvature[k][other] += p * (1 - p) * features[i][k] * features[i][other];
        }
      }
    }
    for (int k = 0; k < size; k++) {
      curvature[k][k] += RIDGE * (1 + curvature[k][k]);
    }
    return (ArrayRealVector)
        new CholeskyDecomposition(new Array2DRowRealMatrix(curvature, false), 1e-9, 0)
            .getSolver()
            .solve(new ArrayRealVector(gradient, false));
  }
}
