package swarmformer.training;

/**
 * Steps of vectors that whole arrays hold, which the JVM makes wide; of parts of them it does not.
 */
final class Vectors {
  private Vectors() {}

  /** Eight sums at once: a single one waits for each addition before the next. */
  static float dot(float[] x, float[] y) {
    float a = 0;
    float b = 0;
    float c = 0;
    float d = 0;
    float e = 0;
    float f = 0;
    float g = 0;
    float h = 0;
    int i = 0;
    for (; i + 7 < x.length; i += 8) {
      a += x[i] * y[i];
      b += x[i + 1] * y[i + 1];
      c += x[i + 2] * y[i + 2];
      d += x[i + 3] * y[i + 3];
      e += x[i + 4] * y[i + 4];
      f += x[i + 5] * y[i + 5];
      g += x[i + 6] * y[i + 6];
      h += x[i + 7] * y[i + 7];
    }
    for (; i < x.length; i++) {
      a += x[i] * y[i];
    }
    return a + b + (c + d) + (e + f + (g + h));
  }

  /** {@code by x}. */
  static float[] scaled(float[] x, double by) {
    float[] scaled = new float[x.length];
    addScaled(x, (float) by, scaled);
    return scaled;
  }

  /** {@code to = to + by x}. */
  static void addScaled(float[] x, float by, float[] to) {
    for (int i = 0; i < to.length; i++) {
      to[i] += by * x[i];
    }
  }

  /** {@code to = scale to + by x}. */
  static void addScaled(float[] x, float by, float[] to, float scale) {
    for (int i = 0; i < to.length; i++) {
      to[i] = scale * to[i] + by * x[i];
    }
  }
}
