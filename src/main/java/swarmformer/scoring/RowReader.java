package swarmformer.scoring;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import org.apache.spark.sql.Row;
import swarmformer.checkpoint.SwarmFormerConfig;
import swarmformer.data.Texts;
import swarmformer.errors.InputException;
import swarmformer.tokens.Tokenizer;
import swarmformer.tokens.Tokens;
import swarmformer.tokens.TruncationSide;

/** Turns an input row into token ids, or says why it cannot be scored. */
final class RowReader {
  /**
   * What is kept of a row: no longer its text, unless that is carried along.
   *
   * @param carried values of the carried columns
   * @param tokens its token ids; null if it has an error
   * @param emitted token ids to write; null if none are, or it has an error
   * @param error why it cannot be scored, a kind and perhaps details after a colon; null if it can
   * @param undecodable whether the text holds U+FFFD, what bytes that are not UTF-8 are read as
   * @param label what its label is
   */
  @SuppressWarnings("ArrayRecordComponent") // one allocation for each row: never compared
  record Item(
      Object[] carried,
      Tokens tokens,
      int[] emitted,
      String error,
      boolean undecodable,
      Label label) {
    boolean scorable() {
      return tokens != null;
    }

    /** Number of its token ids; 0 if it has an error. */
    int length() {
      return tokens == null ? 0 : tokens.ids().length;
    }

    /** About what it takes on the heap, where it is large. */
    long bytes() {
      long bytes = (long) (emitted == null ? length() : emitted.length) * Integer.BYTES;
      for (Object value : carried) {
        bytes += bytes(value);
      }
      return bytes;
    }

    private static long bytes(Object value) {
      long bytes = value instanceof String text ? (long) text.length() * Character.BYTES : 0;
      if (value instanceof Row row) {
        for (int i = 0; i < row.length(); i++) {
          bytes += bytes(row.get(i));
        }
      }
      return bytes;
    }
  }

  /** The label of a row that was parsed. */
  enum Label {
    /** There is none. */
    ABSENT,
    /** It is a class of the model. */
    KNOWN,
    /** It was given, and is not a class of the model. */
    UNRECOGNISED
  }

  private final Function<String, Tokens> tokenizer;
  private final SwarmFormerConfig config;
  private final ScoringSettings settings;
  private final int carried;
  private final int content;
  private final int malformed;
  private final int label;

  /** Reads rows with the columns of {@link Texts#rows}, {@code carried} of which come first. */
  RowReader(SwarmFormerConfig config, ScoringSettings settings, int carried) {
    int most = settings.emitted() == EmittedIds.WHOLE ? Integer.MAX_VALUE : config.seqLen();
    this.tokenizer = settings.tokenizer().tokenizer(most, config.truncationSide());
    this.config = config;
    this.settings = settings;
    this.carried = carried;
    this.content = carried;
    this.malformed = carried + 1;
    this.label = carried + 2;
  }

  /**
   * Reads a row.
   *
   * @throws InputException if it cannot be scored and the run is to stop at such a row
   */
  Item read(Row row) {
    if (row.getBoolean(malformed)) {
      return unscorable(row, "malformed record");
    }
    if (row.isNullAt(content)) {
      return unscorable(row, settings.idsGiven() ? "null ids" : "null text");
    }
    return settings.idsGiven() ? readIds(row) : readText(row);
  }

  /**
   * Gives a row that was read an error instead of its tokens.
   *
   * @throws InputException if the run is to stop at such a row
   */
  Item refuse(Item item, String error) {
    return unscorable(item.carried(), error, item.label());
  }

  private Item unscorable(Row row, String error) {
    return unscorable(carriedBy(row), error, labelOf(row));
  }

  private Item unscorable(Object[] values, String error, Label label) {
    if (settings.failOnBadRow()) {
      throw new InputException(
          "Cannot score the row with id '%s': %s. Correct the input, or leave out --on-bad-row fail to give such rows an error."
              .formatted(values[0], error));
    }
    return new Item(values, null, null, error, false, label);
  }

  private Item scorable(Row row, int[] whole, Tokens read, boolean undecodable) {
    int[] emitted =
        switch (settings.emitted()) {
          case NONE -> null;
          case READ -> read.ids();
          case WHOLE -> whole;
        };
    return new Item(carriedBy(row), read, emitted, null, undecodable, labelOf(row));
  }

  private Label labelOf(Row row) {
    if (row.isNullAt(label)) {
      return Label.ABSENT;
    }
    return row.getBoolean(label) ? Label.KNOWN : Label.UNRECOGNISED;
  }

  private Object[] carriedBy(Row row) {
    Object[] values = new Object[carried];
    Arrays.setAll(values, row::get);
    return values;
  }

  private Item readText(Row row) {
    String text = row.getString(content);
    Tokens whole = tokenizer.apply(text);
    boolean truncated = whole.truncated() || whole.ids().length > config.seqLen();
    Tokens read = new Tokens(cut(whole.ids()), truncated);
    for (int i = 0; i < read.ids().length; i++) {
      if (read.ids()[i] >= config.vocabSize()) {
        return outsideVocabulary(row, read.ids()[i], i);
      }
    }
    return Tokenizer.isEmpty(read.ids())
        ? unscorable(row, "no tokens")
        : scorable(row, whole.ids(), read, text.indexOf('\uFFFD') >= 0);
  }

  private Item readIds(Row row) {
    List<Integer> values = row.getList(content);
    int[] ids = new int[values.size()];
    for (int i = 0; i < ids.length; i++) {
      Integer id = values.get(i);
      if (id == null || id < 0 || id >= config.vocabSize()) {
        return outsideVocabulary(row, id, i);
      }
      ids[i] = id;
    }
    Tokens read = new Tokens(cut(ids), ids.length > config.seqLen());
    return Tokenizer.isEmpty(ids) ? unscorable(row, "no tokens") : scorable(row, ids, read, false);
  }

  /** What the model reads of a text's ids: as of a text, with the special ones at both ends. */
  private int[] cut(int[] ids) {
    int length = config.seqLen();
    if (ids.length <= length) {
      return ids;
    }
    int[] read = new int[length];
    int atStart = config.truncationSide() == TruncationSide.LEFT ? 1 : length - 1;
    System.arraycopy(ids, 0, read, 0, atStart);
    System.arraycopy(ids, ids.length - length + atStart, read, atStart, length - atStart);
    return read;
  }

  private Item outsideVocabulary(Row row, Integer id, int position) {
    return unscorable(
        row,
        String.format(Locale.ROOT, "ids outside the vocabulary: %s at position %d", id, position));
  }
}
