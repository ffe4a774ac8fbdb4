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
final class RowTokenizer {
  /** The error of a row without text. */
  static final String NULL_TEXT = "null text";

  /** The error of a text without words. */
  static final String NO_TOKENS = "no tokens";

  private final Function<String, Tokens> tokenizer;
  private final SwarmFormerConfig config;
  private final ScoringSettings settings;
  private final int carried;
  private final int content;
  private final int malformed;
  private final int label;

  /** Reads rows with the columns of {@link Texts#rows}, {@code carried} of which come first. */
  RowTokenizer(SwarmFormerConfig config, ScoringSettings settings, int carried) {
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
  TokenizedRow read(Row row) {
    if (row.getBoolean(malformed)) {
      return unscorable(row, TokenizedRow.MALFORMED);
    }
    if (row.isNullAt(content)) {
      return unscorable(row, settings.idsGiven() ? "null ids" : NULL_TEXT);
    }
    return settings.idsGiven() ? readIds(row) : readText(row);
  }

  /**
   * Gives a row that was read an error instead of its tokens.
   *
   * @throws InputException if the run is to stop at such a row
   */
  TokenizedRow refuse(TokenizedRow row, String error) {
    return unscorable(row.carried(), error, row.label());
  }

  private TokenizedRow unscorable(Row row, String error) {
    return unscorable(carriedBy(row), error, labelOf(row));
  }

  private TokenizedRow unscorable(Object[] values, String error, TokenizedRow.Label label) {
    if (settings.failOnBadRow()) {
      throw new InputException(
          "Cannot score the row with id '%s': %s. Fix the input, or leave out --on-bad-row fail to give such rows an error."
              .formatted(values[0], error));
    }
    return new TokenizedRow(values, null, null, error, false, label);
  }

  private TokenizedRow scorable(Row row, int[] whole, Tokens read, boolean undecodable) {
    int[] emitted =
        switch (settings.emitted()) {
          case NONE -> null;
          case READ -> read.ids();
          case WHOLE -> whole;
        };
    return new TokenizedRow(carriedBy(row), read, emitted, null, undecodable, labelOf(row));
  }

  private TokenizedRow.Label labelOf(Row row) {
    if (row.isNullAt(label)) {
      return TokenizedRow.Label.ABSENT;
    }
    return row.getBoolean(label) ? TokenizedRow.Label.KNOWN : TokenizedRow.Label.UNRECOGNISED;
  }

  private Object[] carriedBy(Row row) {
    Object[] values = new Object[carried];
    Arrays.setAll(values, row::get);
    return values;
  }

  private TokenizedRow readText(Row row) {
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
        ? unscorable(row, NO_TOKENS)
        : scorable(row, whole.ids(), read, text.indexOf('\uFFFD') >= 0);
  }

  private TokenizedRow readIds(Row row) {
    List<? extends Number> values = row.getList(content); // of INT or BIGINT
    int[] ids = new int[values.size()];
    for (int i = 0; i < ids.length; i++) {
      Number id = values.get(i);
      int most = isCut(i, ids.length) ? Integer.MAX_VALUE : config.vocabSize() - 1;
      if (id == null || id.longValue() < 0 || id.longValue() > most) {
        return outsideVocabulary(row, id, i);
      }
      ids[i] = id.intValue();
    }
    Tokens read = new Tokens(cut(ids), ids.length > config.seqLen());
    return Tokenizer.isEmpty(read.ids())
        ? unscorable(row, NO_TOKENS)
        : scorable(row, ids, read, false);
  }

  /** What the model reads of a text's ids: as of a text, with the special ones at both ends. */
  private int[] cut(int[] ids) {
    int length = config.seqLen();
    if (ids.length <= length) {
      return ids;
    }
    int[] read = new int[length];
    int atStart = readAtStart();
    System.arraycopy(ids, 0, read, 0, atStart);
    System.arraycopy(ids, ids.length - length + atStart, read, atStart, length - atStart);
    return read;
  }

  /** Whether an id of so many is not among those that {@link #cut} leaves. */
  private boolean isCut(int position, int ids) {
    return position >= readAtStart() && position < readAtStart() + ids - config.seqLen();
  }

  /** How many ids before the cut the model reads of a text that is too long. */
  private int readAtStart() {
    return config.truncationSide() == TruncationSide.LEFT ? 1 : config.seqLen() - 1;
  }

  private TokenizedRow outsideVocabulary(Row row, Number id, int position) {
    return unscorable(
        row,
        String.format(Locale.ROOT, "ids outside the vocabulary: %s at position %d", id, position));
  }
}
