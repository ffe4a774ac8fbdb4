package swarmformer.metrics;

import java.util.ArrayList;
import java.util.List;

/**
 * A curve with the points that an eye can tell apart: of the points added in order, the first, the
 * last, and those that lie at least {@value #STEP} from the last one kept in any coordinate.
 *
 * @param <P> what is known of a point
 */
public final class ThinnedCurve<P> {
  private static final double STEP = 0.005;

  private final List<P> kept = new ArrayList<>();
  private double[] lastKept = {};
  private P skipped;

  /** Adds a point with its coordinates, as many for each point. */
  public void add(P point, double... coordinates) {
    boolean near = kept.size() > 0;
    for (int i = 0; near && i < coordinates.length; i++) {
      near = Math.abs(coordinates[i] - lastKept[i]) < STEP;
    }
    if (near) {
      skipped = point;
    } else {
      kept.add(point);
      lastKept = coordinates;
      skipped = null;
    }
  }

  /** The points kept. */
  public List<P> points() {
    List<P> points = new ArrayList<>(kept);
    if (skipped != null) {
      points.add(skipped);
    }
    return List.copyOf(points);
  }
}
