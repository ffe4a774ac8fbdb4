package swarmformer.training;

/**
 * What is known of short texts: of one random part of each validation text, of at most {@value
 * #MOST_TOKENS} tokens.
 *
 * @param model share whose class the trained model knows
 * @param linear share whose class a linear model of tokens, pairs and triples knows
 */
public record ShortParts(double model, double linear) {
  /** Tokens of the longest part, special ones included. */
  public static final int MOST_TOKENS = 40;
}
