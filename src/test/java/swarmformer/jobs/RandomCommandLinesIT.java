package swarmformer.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import swarmformer.errors.ErrorCode;

/**
 * Command lines at random, right and wrong: none ends as a bug, and who is refused reads one line.
 * {@code -Drandom.commands} says how many.
 */
@Tag("long")
class RandomCommandLinesIT {
  private static final long SEED = 7;

  private static final List<Supplier<Callable<Integer>>> PROGRAMS =
      List.of(
          Score::new,
          Score::new,
          Evaluate::new,
          ScoreNightly::new,
          ReportTrend::new,
          Export::new,
          Train::new);

  private static final List<String> OPTIONS =
      List.of(
          "--input",
          "--output",
          "--format",
          "--option",
          "--text-col",
          "--id-col",
          "--label-col",
          "--keep",
          "--ids-col",
          "--table",
          "--model",
          "--device",
          "--device-permits",
          "--dtype",
          "--batch-size",
          "--partitions",
          "--micro-batch",
          "--tokenizer",
          "--run-id",
          "--overwrite",
          "--emit-ids",
          "--on-bad-row",
          "--store",
          "--store-format",
          "--date",
          "--backfill",
          "--date-col",
          "--zone",
          "--new-model",
          "--deadline",
          "--max-error-share",
          "--baseline",
          "--verify",
          "--acknowledge",
          "--drop-before",
          "--delete-ids",
          "--min-rows",
          "--min-estimated-accuracy",
          "--temperature",
          "--predictions",
          "--against",
          "--slice",
          "--nights",
          "--to",
          "--recipe",
          "--classes",
          "--from",
          "--threads",
          "--inputt",
          "--",
          "-x",
          "--help",
          "--version");

  private static final List<String> VALUES =
      List.of(
          "",
          " ",
          "0",
          "-1",
          "1",
          "2147483648",
          "NaN",
          "1e9",
          "all",
          "id",
          "text",
          "a,b",
          ",",
          "a=b",
          "=",
          "sep=;",
          "header=maybe",
          "quote=ab",
          "multiLine=true",
          "mode=FAILFAST",
          "csv",
          "json",
          "jdbc",
          "imdb",
          "documents",
          "parquet",
          "delta",
          "nonsense",
          "auto",
          "cpu",
          "cuda",
          "tpu",
          "float32",
          "float16",
          "fast",
          "keep",
          "fail",
          "2026-11-01",
          "2026-13-01",
          "yesterday",
          "2026-11-01..2026-11-03",
          "2026-11-03..2026-11-01",
          "06:00",
          "25:00",
          "Europe/Berlin",
          "Middle/Earth",
          "small-imdb",
          "no/such-model@x",
          "onnx",
          "torchscript",
          "../up",
          "a b",
          "a:b",
          "[v2]",
          "{a,b",
          "*",
          "\\",
          "'",
          "\"",
          "$HOME",
          "\u00fc",
          "\u0000",
          "\n",
          "\ud83d",
          "s3a://nowhere/a",
          "nowhere://a/b",
          "http://localhost/a.csv",
          "/dev/null");

  @TempDir private Path folder;

  @Test
  void noneEndsAsABug() throws IOException {
    Files.writeString(folder.resolve("in.csv"), "id,text,label\n1,Good.,1\n2,Bad.,0\n");
    int count = Integer.getInteger("random.commands", 2_000);
    List<String> bugs = new ArrayList<>();
    for (int number = 0; number < count; number++) {
      Random random = new Random(SEED * 1_000_003 + number);
      Callable<Integer> program = PROGRAMS.get(random.nextInt(PROGRAMS.size())).get();
      Object[] arguments = arguments(random);
      Ran ran = Ran.locally(program, arguments);
      boolean refused =
          ran.code() >= ErrorCode.USAGE.exitCode() && ran.code() <= ErrorCode.MODEL.exitCode();
      String err = String.join("\n", ran.err());
      if (ran.code() == ErrorCode.INTERNAL.exitCode()
          || err.contains("\tat ")
          || (refused && ran.out().isEmpty() && err.isBlank())) {
        bugs.add(number + " " + program.getClass().getSimpleName() + List.of(arguments) + err);
      }
    }
    assertThat(bugs).isEmpty();
  }

  private Object[] arguments(Random random) {
    List<Object> arguments = new ArrayList<>();
    if (random.nextInt(3) > 0) {
      arguments.addAll(List.of("--input", folder + "/in.csv", "--output", folder + "/out"));
    }
    int options = random.nextInt(5);
    for (int i = 0; i < options; i++) {
      String option = OPTIONS.get(random.nextInt(OPTIONS.size()));
      String value = value(random);
      switch (random.nextInt(4)) {
        case 0 -> arguments.add(option + "=" + value);
        case 1 -> arguments.add(option);
        default -> arguments.addAll(List.of(option, value));
      }
    }
    return arguments.toArray();
  }

  private String value(Random random) {
    return random.nextInt(4) == 0
        ? folder + "/" + VALUES.get(random.nextInt(VALUES.size()))
        : VALUES.get(random.nextInt(VALUES.size()));
  }
}
