package swarmformer.scoring;

/** Which token ids predictions get. */
public enum EmittedIds {
  /** None: no column. */
  NONE,
  /** Those that the model has read. */
  READ,
  /** Those of the whole text, also where the model reads fewer, for models that read more. */
  WHOLE
}
