package swarmformer.tokens;

/**
 * One text as the model reads it.
 *
 * @param ids token ids, special tokens included, not padded
 * @param truncated whether the text had more tokens than fit
 */
@SuppressWarnings("ArrayRecordComponent") // one allocation for each text: ids are never compared
public record Tokens(int[] ids, boolean truncated) {}
