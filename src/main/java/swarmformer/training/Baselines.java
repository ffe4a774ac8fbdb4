package swarmformer.training;

/**
 * What a model has to be better than: shares of the validation that others know.
 *
 * @param frequentClass the most frequent class of the texts to learn from
 * @param alwaysFrequent known by always saying that class
 * @param linear known by a linear model of tokens, pairs and triples that has learned from the same
 *     labels and reads whole texts
 */
public record Baselines(int frequentClass, double alwaysFrequent, double linear) {}
