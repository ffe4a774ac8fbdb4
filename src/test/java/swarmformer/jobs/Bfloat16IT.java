package swarmformer.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Path;
import org.apache.spark.sql.functions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import swarmformer.Golden;
import swarmformer.LocalSpark;

/**
 * Accuracy in bfloat16 and float32 on the first {@value #ROWS} of {@code
 * -Dswarmformer.reviews=FILE} by hash of their id. Slow on processors without bfloat16.
 */
@EnabledIfSystemProperty(named = Bfloat16IT.REVIEWS, matches = ".+")
class Bfloat16IT {
  static final String REVIEWS = "swarmformer.reviews";

  private static final int ROWS = 5_000;

  @TempDir private Path folder;

  @Test
  void isAsAccurateAsFloat32() throws IOException {
    LocalSpark.session()
        .read()
        .parquet(System.getProperty(REVIEWS))
        .orderBy(functions.hash(functions.col("id")))
        .limit(ROWS)
        .write()
        .parquet(folder.resolve("in").toString());
    double float32 = accuracy("float32");
    double bfloat16 = accuracy("bfloat16");
    System.out.printf("accuracy %.4f in float32, %.4f in bfloat16%n", float32, bfloat16);
    assertThat(bfloat16).isCloseTo(float32, within(0.001));
  }

  private double accuracy(String dtype) throws IOException {
    Ran ran =
        Ran.locally(
            new Evaluate(),
            "--input",
            folder.resolve("in"),
            "--format",
            "parquet",
            "--output",
            folder.resolve("out"),
            "--run-id",
            dtype,
            "--device",
            "cpu",
            "--dtype",
            dtype);
    assertThat(ran.code()).as(ran.err().toString()).isZero();
    return Golden.json(folder.resolve("out/run=" + dtype + "/evaluation/metrics.json"))
        .get("accuracy")
        .asDouble();
  }
}
