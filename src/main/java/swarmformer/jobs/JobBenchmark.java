package swarmformer.jobs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.SparkSession;
import swarmformer.bench.Figure;
import swarmformer.data.TextSource;

/** Times the whole job of {@link Score} on texts, in an open Spark, several times. */
record JobBenchmark(SparkSession spark, ModelOptions model, int runs) {
  /**
   * What was measured, in seconds.
   *
   * @param job a run from its start until it is published
   * @param scoring its stage that reads, tokenises and scores
   */
  record Seconds(Figure job, Figure scoring) {}

  Seconds execute(List<String> texts) throws IOException {
    Path folder = Files.createTempDirectory("swarmformer-bench");
    try {
      String input = folder.resolve("texts").toString();
      spark.createDataset(texts, Encoders.STRING()).toDF("text").coalesce(1).write().parquet(input);
      return measure(input, folder.resolve("output").toString());
    } finally {
      delete(folder);
    }
  }

  private Seconds measure(String input, String output) {
    double[] job = new double[runs];
    double[] scoring = new double[runs];
    for (int run = -1; run < runs; run++) {
      long start = System.nanoTime();
      ScoringRun.Outcome outcome =
          new ScoringRun(
                  TextSource.of(input, "parquet"),
                  model,
                  into(output, run),
                  "jobs/bench.sh",
                  Optional.empty())
              .execute(spark);
      if (run >= 0) {
        job[run] = (System.nanoTime() - start) / 1e9;
        scoring[run] = outcome.metrics().stages().scoreMs() / 1e3;
      }
    }
    return new Seconds(Figure.of(job), Figure.of(scoring));
  }

  private static ScoringRun.Output into(String output, int run) {
    return new ScoringRun.Output(output, Optional.of("bench" + run), false, false, false);
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
