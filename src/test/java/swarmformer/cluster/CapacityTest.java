package swarmformer.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.apache.spark.SparkConf;
import org.junit.jupiter.api.Test;

final class CapacityTest {
  private static int most(int now, int cores, Map<String, String> settings) {
    SparkConf conf = new SparkConf(false);
    settings.forEach(conf::set);
    return Capacity.most(conf, now, cores);
  }

  @Test
  void executorsThatMayComeCount() {
    Map<String, String> dynamic =
        Map.of(
            "spark.dynamicAllocation.enabled", "true",
            "spark.dynamicAllocation.maxExecutors", "10");
    assertThat(most(0, 1, dynamic)).isEqualTo(10);
    assertThat(most(4, 4, dynamic)).isEqualTo(40);
    assertThat(most(0, 1, Map.of("spark.dynamicAllocation.enabled", "true")))
        .isEqualTo(Integer.MAX_VALUE);
    assertThat(most(0, 1, Map.of("spark.executor.instances", "8", "spark.executor.cores", "4")))
        .isEqualTo(32);
  }

  @Test
  void coresOfAStandaloneClusterAreLimited() {
    assertThat(
            most(2, 2, Map.of("spark.dynamicAllocation.enabled", "true", "spark.cores.max", "12")))
        .isEqualTo(12);
  }

  @Test
  void tasksTakeCoresAndSharesOfGpus() {
    assertThat(
            most(
                0,
                1,
                Map.of(
                    "spark.executor.instances", "4",
                    "spark.executor.cores", "8",
                    "spark.task.cpus", "2")))
        .isEqualTo(16);
    assertThat(
            most(
                0,
                1,
                Map.of(
                    "spark.executor.instances", "4",
                    "spark.executor.cores", "8",
                    "spark.executor.resource.gpu.amount", "1",
                    "spark.task.resource.gpu.amount", "0.25")))
        .isEqualTo(16);
  }

  @Test
  void whatIsThereCountsWhereNothingIsSet() {
    assertThat(most(6, 2, Map.of())).isEqualTo(6);
    assertThat(most(6, 2, Map.of("spark.executor.instances", "2"))).isEqualTo(6);
  }
}
