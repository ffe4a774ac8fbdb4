package swarmformer.training;

/**
 * A linear model of the classes.
 *
 * @param weights (N, inputs) what an input adds to the logit of a class
 * @param biases (N) of the classes
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record LinearLayer(float[][] weights, float[] biases) {}
