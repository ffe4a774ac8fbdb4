package swarmformer.tokens;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import swarmformer.Golden;

/** Our tokenizer and the reference, one text after the other on one thread. */
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@State(Scope.Benchmark)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class TokenizerBenchmark {
  /** A file with a JSON object in each line, whose field text is a text. */
  @Param("samples/reviews.jsonl")
  String texts;

  @Param({"256", "768"})
  int maxLength;

  private List<String> all;
  private int next;
  private Tokenizer ours;
  private ReferenceTokenizer reference;

  @Setup
  public void load() throws IOException {
    all =
        Golden.lines(Path.of(texts)).stream()
            .map(line -> line.path("text").asText())
            .filter(text -> !text.isBlank())
            .toList();
    ours = new Tokenizer(maxLength, TruncationSide.RIGHT);
    reference = new ReferenceTokenizer(maxLength, TruncationSide.RIGHT);
  }

  @TearDown
  public void close() {
    reference.close();
  }

  @Benchmark
  public Tokens ours() {
    return ours.encode(text());
  }

  @Benchmark
  public Tokens reference() {
    return reference.encode(text());
  }

  private String text() {
    next = next + 1 == all.size() ? 0 : next + 1;
    return all.get(next);
  }
}
