package swarmformer.tokens;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import swarmformer.Golden;

/**
 * Compares the speed of our tokenizer with the reference's, on one thread, in turns, by the
 * processor time of the thread. Not a test.
 *
 * <pre>{@code
 * mvn -q test-compile dependency:build-classpath -Dmdep.outputFile=target/classpath.txt
 * java -cp target/classes:target/test-classes:$(cat target/classpath.txt) \
 *     swarmformer.tokens.TokenizerSpeed TEXTS.jsonl
 * }</pre>
 *
 * where each line of the file is a JSON object with a field {@code text}.
 */
public final class TokenizerSpeed {
  private static final int ROUNDS = 9;
  private static final int TEXTS = 2_000;

  private TokenizerSpeed() {}

  /** Prints texts per second for a file of texts at the models' lengths. */
  public static void main(String[] arguments) throws IOException {
    List<String> texts =
        Golden.lines(Path.of(arguments[0])).stream()
            .limit(25_000)
            .map(line -> line.get("text").asText())
            .toList();
    printLoadTime();
    for (int maxLength : new int[] {256, 768}) {
      compare(maxLength, texts);
    }
  }

  private static void printLoadTime() {
    long start = System.nanoTime();
    Tokens tokens = new Tokenizer(256).encode("a");
    System.out.printf(
        "first text: %d ids after %.0f ms%n",
        tokens.ids().length, (System.nanoTime() - start) / 1e6);
  }

  private static void compare(int maxLength, List<String> texts) {
    Tokenizer ours = new Tokenizer(maxLength);
    List<Double> ourRates = new ArrayList<>();
    List<Double> referenceRates = new ArrayList<>();
    try (ReferenceTokenizer reference = new ReferenceTokenizer(maxLength)) {
      for (int round = 0; round < ROUNDS; round++) {
        List<String> some = texts.subList(round * TEXTS, (round + 1) * TEXTS);
        referenceRates.add(rate(reference::encode, some));
        ourRates.add(rate(ours::encode, texts));
      }
    }
    print(maxLength, ourRates, referenceRates);
  }

  /** Texts per second of processor time. */
  private static double rate(Function<String, Tokens> encode, List<String> texts) {
    long start = cpuNanos();
    long ids = 0;
    for (String text : texts) {
      ids += encode.apply(text).ids().length;
    }
    long nanos = cpuNanos() - start;
    if (ids == 0) {
      throw new IllegalStateException("no ids");
    }
    return texts.size() * 1e9 / nanos;
  }

  private static long cpuNanos() {
    return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
  }

  private static void print(int maxLength, List<Double> ours, List<Double> reference) {
    System.out.printf(
        "max length %d: ours %s, reference %s texts/s; %.0f times as fast%n",
        maxLength, spread(ours), spread(reference), median(ours) / median(reference));
  }

  private static String spread(List<Double> rates) {
    double[] sorted = sorted(rates);
    return "%.0f (%.0f to %.0f)".formatted(median(rates), sorted[0], sorted[sorted.length - 1]);
  }

  private static double median(List<Double> rates) {
    return sorted(rates)[rates.size() / 2];
  }

  private static double[] sorted(List<Double> rates) {
    double[] sorted = rates.stream().mapToDouble(Double::doubleValue).toArray();
    Arrays.sort(sorted);
    return sorted;
  }
}
