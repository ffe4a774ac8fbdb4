package swarmformer.scoring;

import java.text.BreakIterator;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.IntPredicate;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;
import swarmformer.checkpoint.ModelFiles;
import swarmformer.checkpoint.SwarmFormerConfig;
import swarmformer.data.PredictionColumns;
import swarmformer.data.Texts;
import swarmformer.tokens.TokenizerKind;
import swarmformer.tokens.TruncationSide;

/**
 * Finds what tips a prediction by leaving it out: first each sentence of the part that the network
 * reads, then each word of the sentence that matters most. For a few texts: each costs as many
 * predictions as it has sentences and that sentence has words.
 */
public final class LeaveOneOut {
  /** Sentences of a text, and words of a sentence, that are tried. */
  private static final int MOST = 40;

  private static final int WORDS = 3;

  private static final StructType INPUT =
      StructType.fromDDL(
          "id STRING, `%s` STRING, `%s` BOOLEAN, `%s` BOOLEAN"
              .formatted(Texts.CONTENT, Texts.MALFORMED, Texts.LABEL_KNOWN));

  private final SparkSession spark;
  private final SharedModel model;
  private final ScoringSettings settings;
  private final TruncationSide side;
  private final Predicate<String> truncates;

  /** Asks a model that was checked, on the executors. */
  public LeaveOneOut(SparkSession spark, ModelFiles files, String device, String dtype) {
    SwarmFormerConfig config = SwarmFormerConfig.parse(files.config(), files.name());
    this.spark = spark;
    this.model = SharedModel.of(spark, files);
    this.settings = model.settings(device, dtype, MOST, false);
    this.side = config.truncationSide();
    var tokenizer = TokenizerKind.FAST.tokenizer(config.seqLen(), side);
    this.truncates = text -> tokenizer.apply(text).truncated();
  }

  /**
   * A text and the class that the model predicts for it.
   *
   * @param text which has tokens
   */
  public record Predicted(String text, int prediction) {}

  /**
   * What tipped a prediction.
   *
   * @param read the part of the text that the network reads, to the word
   * @param whole probability of the predicted class with all of it
   * @param sentence the one without which the predicted class is least likely; null if the text has
   *     but one
   * @param probability of the predicted class without that sentence; null without a sentence
   * @param words without each of which the class is less likely, the most important one first, of
   *     that sentence
   */
  public record Tip(
      String read, double whole, String sentence, Double probability, List<String> words) {}

  /** A part of a text. */
  private record Span(int from, int to) {
    String of(String text) {
      return text.substring(from, to).strip();
    }

    String without(String text) {
      return text.substring(0, from) + text.substring(to);
    }
  }

  /** What the model says of a text: how far the class is ahead, and its probability. */
  private record Score(double margin, double probability) {}

  /** Finds what tipped each. */
  public List<Tip> of(List<Predicted> predicted) {
    List<String> read = predicted.stream().map(each -> read(each.text())).toList();
    List<List<Span>> sentences =
        read.stream()
            .map(text -> spans(text, BreakIterator.getSentenceInstance(Locale.ROOT)))
            .toList();
    List<List<Score>> withoutSentence = scores(read, sentences, predicted);
    List<Integer> least = withoutSentence.stream().map(LeaveOneOut::least).toList();
    List<List<Span>> words =
        IntStream.range(0, read.size())
            .mapToObj(i -> words(read.get(i), sentences.get(i).get(least.get(i))))
            .toList();
    List<List<Score>> withoutWord = scores(read, words, predicted);
    List<List<Score>> whole =
        scores(read, read.stream().map(text -> List.of(new Span(0, 0))).toList(), predicted);
    List<Tip> tips = new ArrayList<>();
    for (int i = 0; i < read.size(); i++) {
      String text = read.get(i);
      boolean single = sentences.get(i).size() == 1;
      Score all = whole.get(i).get(0);
      tips.add(
          new Tip(
              text,
              all.probability(),
              single ? null : sentences.get(i).get(least.get(i)).of(text),
              single ? null : withoutSentence.get(i).get(least.get(i)).probability(),
              tipping(text, words.get(i), withoutWord.get(i), all.margin())));
    }
    return tips;
  }

  /**
   * The part of a text that the network reads: as many words from one side as fit, or as many
   * characters of a word that does not.
   */
  private String read(String text) {
    if (!truncates.test(text)) {
      return text;
    }
    String words = asMuchAsFits(text, i -> Character.isWhitespace(text.charAt(i - 1)));
    return words.isBlank()
        ? asMuchAsFits(text, i -> !Character.isLowSurrogate(text.charAt(i)))
        : words;
  }

  /**
   * The longest part from one side that fits.
   *
   * @param isPlace where a text may be cut, besides its ends
   */
  private String asMuchAsFits(String text, IntPredicate isPlace) {
    List<Integer> starts = new ArrayList<>();
    for (int i = 0; i <= text.length(); i++) {
      if (i == 0 || i == text.length() || isPlace.test(i)) {
        starts.add(i);
      }
    }
    int fits = side == TruncationSide.LEFT ? starts.size() - 1 : 0;
    int tooMuch = side == TruncationSide.LEFT ? 0 : starts.size() - 1;
    while (Math.abs(fits - tooMuch) > 1) {
      int middle = (fits + tooMuch) / 2;
      if (truncates.test(part(text, starts.get(middle)))) {
        tooMuch = middle;
      } else {
        fits = middle;
      }
    }
    return part(text, starts.get(fits));
  }

  private String part(String text, int at) {
    return side == TruncationSide.LEFT ? text.substring(at) : text.substring(0, at);
  }

  private static List<Span> spans(String text, BreakIterator breaks) {
    breaks.setText(text);
    List<Span> spans = new ArrayList<>();
    int from = breaks.first();
    for (int to = breaks.next(); to != BreakIterator.DONE; to = breaks.next()) {
      spans.add(new Span(from, to));
      from = to;
    }
    return spans.size() <= MOST ? spans : spans.subList(spans.size() - MOST, spans.size());
  }

  private static List<Span> words(String text, Span sentence) {
    BreakIterator breaks = BreakIterator.getWordInstance(Locale.ROOT);
    breaks.setText(text.substring(sentence.from(), sentence.to()));
    List<Span> words = new ArrayList<>();
    int from = breaks.first();
    for (int to = breaks.next(); to != BreakIterator.DONE; to = breaks.next()) {
      Span word = new Span(sentence.from() + from, sentence.from() + to);
      if (word.of(text).codePoints().anyMatch(Character::isLetterOrDigit) && words.size() < MOST) {
        words.add(word);
      }
      from = to;
    }
    return words;
  }

  private static int least(List<Score> scores) {
    return IntStream.range(0, scores.size())
        .boxed()
        .min(Comparator.comparing(i -> scores.get(i).margin()))
        .orElseThrow();
  }

  private static List<String> tipping(
      String text, List<Span> words, List<Score> without, double margin) {
    return IntStream.range(0, words.size())
        .filter(i -> without.get(i).margin() < margin)
        .boxed()
        .sorted(Comparator.comparing(i -> without.get(i).margin()))
        .limit(WORDS)
        .map(i -> words.get(i).of(text))
        .toList();
  }

  /** Scores each text without each of its parts; one that has no tokens then is no evidence. */
  private List<List<Score>> scores(
      List<String> texts, List<List<Span>> parts, List<Predicted> predicted) {
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < texts.size(); i++) {
      for (int j = 0; j < parts.get(i).size(); j++) {
        String text = parts.get(i).get(j).without(texts.get(i));
        rows.add(RowFactory.create(i + " " + j, text, false, null));
      }
    }
    Map<String, Row> scored = new HashMap<>();
    model
        .score(new Texts("parts of texts", spark.createDataFrame(rows, INPUT)), settings)
        .select("id", PredictionColumns.LOGITS)
        .collectAsList()
        .forEach(row -> scored.put(row.getString(0), row));
    return IntStream.range(0, texts.size())
        .mapToObj(
            i ->
                IntStream.range(0, parts.get(i).size())
                    .mapToObj(j -> score(scored.get(i + " " + j), predicted.get(i).prediction()))
                    .toList())
        .toList();
  }

  private static Score score(Row row, int prediction) {
    if (row.isNullAt(1)) {
      return new Score(0, 0.5);
    }
    List<Float> logits = row.getList(1);
    double others = 0;
    for (int i = 0; i < logits.size(); i++) {
      others += i == prediction ? 0 : Math.exp((double) logits.get(i) - logits.get(prediction));
    }
    return new Score(-Math.log(others), 1 / (1 + others));
  }
}
