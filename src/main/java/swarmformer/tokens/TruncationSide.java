package swarmformer.tokens;

import java.util.Arrays;
import java.util.Optional;

/** Which end of a text is cut off where it has more tokens than a model reads. */
public enum TruncationSide {
  /** The beginning is read: the published models. */
  RIGHT("right"),
  /** The end is read. */
  LEFT("left");

  private final String text;

  TruncationSide(String text) {
    this.text = text;
  }

  /** The side that is written so. */
  public static Optional<TruncationSide> of(String text) {
    return Arrays.stream(values()).filter(side -> side.text.equals(text)).findFirst();
  }

  /** As it is written in files: a word. */
  public String text() {
    return text;
  }
}
