package swarmformer.training;

/**
 * Turns logits into probabilities that hold for texts that the model has not learned from.
 *
 * <p>Platt, <i>Probabilistic Outputs for Support Vector Machines</i> (1999), with the targets and
 * Newton's method of Lin, Lin and Weng, <i>A Note on Platt's Probabilistic Outputs for Support
 * Vector Machines</i> (2007).
 *
 * @param slope what a logit is multiplied by
 * @param offset what is added then
 */
record PlattScaling(double slope, double offset) {
  private static final int STEPS = 100;
  private static final double SMALLEST_STEP = 1e-10;
  private static final double RIDGE = 1e-9;

  /** Fits both, from where they change nothing. */
  static PlattScaling fit(double[] logits, boolean[] positive) {
    double[] targets = targets(positive);
    PlattScaling scaling = new PlattScaling(1, 0);
    double loss = scaling.loss(logits, targets);
    for (int step = 0; step < STEPS; step++) {
      PlattScaling direction = scaling.newton(logits, targets);
      double size = 1;
      PlattScaling next = scaling.plus(direction, size);
      double nextLoss = next.loss(logits, targets);
      while (nextLoss > loss && size > SMALLEST_STEP) {
        size /= 2;
        next = scaling.plus(direction, size);
        nextLoss = next.loss(logits, targets);
      }
      if (loss - nextLoss <= SMALLEST_STEP * loss) {
        return nextLoss < loss ? next : scaling;
      }
      scaling = next;
      loss = nextLoss;
    }
    return scaling;
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

  double probability(double logit) {
    return 1 / (1 + Math.exp(-(slope * logit + offset)));
  }

  private PlattScaling plus(PlattScaling direction, double by) {
    return new PlattScaling(slope + by * direction.slope, offset + by * direction.offset);
  }

  /** Cross entropy, of the logit z and target t: log(1 + exp(-|z|)) + max(z, 0) - t z. */
  private double loss(double[] logits, double[] targets) {
    double loss = 0;
    for (int i = 0; i < logits.length; i++) {
      double z = slope * logits[i] + offset;
      loss += Math.log1p(Math.exp(-Math.abs(z))) + Math.max(z, 0) - targets[i] * z;
    }
    return loss;
  }

  private PlattScaling newton(double[] logits, double[] targets) {
    double bySlope = 0;
    double byOffset = 0;
    double slopes = RIDGE;
    double both = 0;
    double offsets = RIDGE;
    for (int i = 0; i < logits.length; i++) {
      double p = probability(logits[i]);
      double curvature = p * (1 - p);
      bySlope += (p - targets[i]) * logits[i];
      byOffset += p - targets[i];
      slopes += curvature * logits[i] * logits[i];
      both += curvature * logits[i];
      offsets += curvature;
    }
    double determinant = slopes * offsets - both * both;
    return new PlattScaling(
        (both * byOffset - offsets * bySlope) / determinant,
        (both * bySlope - slopes * byOffset) / determinant);
  }
}
