package swarmformer.tokens;

import java.util.List;

/**
 * A token that stands for itself wherever a text has it, before anything else is done to the text.
 *
 * @param content what the text has, in this case only
 * @param id its id
 */
record SpecialToken(String content, int id) {
  static final SpecialToken UNKNOWN = new SpecialToken("[UNK]", 100);
  static final SpecialToken START = new SpecialToken("[CLS]", 101);
  static final SpecialToken END = new SpecialToken("[SEP]", 102);
  static final SpecialToken MASK = new SpecialToken("[MASK]", 103);

  /** All of them. Each starts with the bracket that none has elsewhere, so none overlap. */
  static final List<SpecialToken> ALL =
      List.of(new SpecialToken("[PAD]", 0), UNKNOWN, START, END, MASK);
}
