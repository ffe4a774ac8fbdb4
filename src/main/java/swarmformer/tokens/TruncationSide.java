package swarmformer.tokens;

/** Which end of a text is cut off where it has more tokens than a model reads. */
public enum TruncationSide {
  /** The beginning is read: the published models. */
  RIGHT,
  /** The end is read. */
  LEFT
}
