package swarmformer.augment;

/**
 * How much is varied. Each is a share from 0 to 1; 0 leaves that out.
 *
 * @param shuffle of texts whose sentences change places ({@code augment.shuffle})
 * @param synonyms of texts in which words are replaced ({@code augment.synonyms})
 * @param synonymWords of the words of such a text ({@code augment.synonym-words})
 * @param combine of texts that are combined with others of their class ({@code augment.combine})
 */
public record AugmentationSettings(
    double shuffle, double synonyms, double synonymWords, double combine) {
  /** Whether texts stay as they are. */
  public boolean changesNothing() {
    return shuffle == 0 && synonyms == 0 && combine == 0;
  }
}
