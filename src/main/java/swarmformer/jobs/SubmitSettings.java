package swarmformer.jobs;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.SparkConf;

/** What {@code spark-submit} was told, to tell it again. */
final class SubmitSettings {
  private static final List<String> KEPT =
      List.of(
          "spark.driver.memory",
          "spark.executor.instances",
          "spark.executor.cores",
          "spark.executor.memory",
          "spark.task.cpus",
          "spark.executor.resource.gpu.amount",
          "spark.executor.resource.gpu.discoveryScript",
          "spark.task.resource.gpu.amount",
          "spark.archives",
          "spark.executorEnv.PYTORCH_LIBRARY_PATH",
          "spark.executorEnv.PYTORCH_FLAVOR",
          "spark.executorEnv.SWARMFORMER_CACHE");

  private final SparkConf conf;

  SubmitSettings(SparkConf conf) {
    this.conf = conf;
  }

  /** Options for a run of the same shape, natives included. */
  List<String> kept() {
    List<String> options = new ArrayList<>(List.of("--master '" + conf.get("spark.master") + "'"));
    String mode = conf.get("spark.submit.deployMode", "client");
    if (!mode.equals("client")) {
      options.add("--deploy-mode " + mode);
    }
    jars().filter(jar -> jar.contains("-natives-")).forEach(jar -> options.add("--jars " + jar));
    for (String key : KEPT) {
      if (conf.contains(key)) {
        options.add("--conf " + key + "=" + conf.get(key));
      }
    }
    return options;
  }

  /** The archive of this project. */
  String jar() {
    return jars()
        .filter(jar -> !jar.contains("-natives-"))
        .reduce((first, last) -> last) // spark-submit puts the program's behind those of --jars
        .orElse("swarmformer-spark.jar");
  }

  /** On YARN those of {@code --jars} come first, by a setting of its own. */
  private Stream<String> jars() {
    return Stream.of("spark.yarn.dist.jars", "spark.jars")
        .flatMap(key -> Stream.of(conf.get(key, "").split(",")))
        .filter(jar -> !jar.isBlank())
        .distinct()
        .map(Report::plain);
  }
}
