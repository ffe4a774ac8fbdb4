package swarmformer.training;

/**
 * A text as it was read.
 *
 * @param text what is said
 * @param label its class, or -1 for none
 * @param group texts of one group are not divided between training and validation
 */
public record Labelled(String text, int label, String group) {}
