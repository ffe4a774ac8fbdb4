package swarmformer.scoring;

import java.util.List;
import org.apache.spark.sql.Row;
import swarmformer.checkpoint.SwarmFormerConfig;
import swarmformer.data.DataException;
import swarmformer.data.Texts;
import swarmformer.tokens.Tokenizer;
import swarmformer.tokens.Tokens;

/** Turns an input row into token ids, or says why it cannot be scored. */
final class RowReader {
  /**
   * What a row holds.
   *
   * @param row the input row
   * @param tokens its token ids; null if it has an error
   * @param error why it cannot be scored, a kind and perhaps details after a colon; null if it can
   * @param undecodable whether the text holds U+FFFD, what bytes that are not UTF-8 are read as
   */
  record Item(Row row, Tokens tokens, String error, boolean undecodable) {
    static Item of(Row row, Tokens tokens, boolean undecodable) {
      return new Item(row, tokens, null, undecodable);
    }

    static Item unscorable(Row row, String error) {
      return new Item(row, null, error, false);
    }
  }

  private final Tokenizer tokenizer;
  private final SwarmFormerConfig config;
  private final ScoringSettings settings;
  private final int content;
  private final int malformed;

  /** Reads rows with the columns of {@link Texts#rows}, {@code carried} of which come first. */
  RowReader(Tokenizer tokenizer, SwarmFormerConfig config, ScoringSettings settings, int carried) {
    this.tokenizer = tokenizer;
    this.config = config;
    this.settings = settings;
    this.content = carried;
    this.malformed = carried + 1;
  }

  /**
   * Reads a row.
   *
   * @throws DataException if it cannot be scored and the run is to stop at such a row
   */
  Item read(Row row) {
    Item item = readAny(row);
    if (item.error() != null && settings.failOnBadRow()) {
      throw new DataException(
          "Cannot score the row with id '%s': %s. Mend the input, or leave out --on-bad-row fail to give such rows an error."
              .formatted(row.get(0), item.error()));
    }
    return item;
  }

  private Item readAny(Row row) {
    if (row.getBoolean(malformed)) {
      return Item.unscorable(row, "malformed record");
    }
    if (row.isNullAt(content)) {
      return Item.unscorable(row, settings.idsGiven() ? "null ids" : "null text");
    }
    return settings.idsGiven() ? readIds(row) : readText(row);
  }

  private Item readText(Row row) {
    String text = row.getString(content);
    Tokens tokens = tokenizer.encode(text);
    for (int i = 0; i < tokens.ids().length; i++) {
      if (tokens.ids()[i] >= config.vocabSize()) {
        return outsideVocabulary(row, tokens.ids()[i], i);
      }
    }
    return Tokenizer.isEmpty(tokens.ids())
        ? Item.unscorable(row, "no tokens")
        : Item.of(row, tokens, text.indexOf('\uFFFD') >= 0);
  }

  private Item readIds(Row row) {
    List<Integer> values = row.getList(content);
    if (values.size() > config.seqLen()) {
      return Item.unscorable(
          row, "too many ids: %d, the model reads %d".formatted(values.size(), config.seqLen()));
    }
    int[] ids = new int[values.size()];
    for (int i = 0; i < ids.length; i++) {
      Integer id = values.get(i);
      if (id == null || id < 0 || id >= config.vocabSize()) {
        return outsideVocabulary(row, id, i);
      }
      ids[i] = id;
    }
    return Tokenizer.isEmpty(ids)
        ? Item.unscorable(row, "no tokens")
        : Item.of(row, new Tokens(ids, false), false);
  }

  private static Item outsideVocabulary(Row row, Integer id, int position) {
    return Item.unscorable(
        row, "ids outside the vocabulary: %s at position %d".formatted(id, position));
  }
}
