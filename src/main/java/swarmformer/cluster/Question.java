package swarmformer.cluster;

import java.io.Serializable;

/**
 * What executors are asked.
 *
 * @param <T> the answer
 */
public interface Question<T extends Serializable> extends Serializable {
  /** Gives the answer of the executor that this runs on, in a task. */
  T answer();
}
