package swarmformer.jobs;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The fields of kubeflow's Spark operator (sparkoperator.k8s.io/v1beta2) that our files use, with
 * the type that its custom resource definitions give them.
 */
final class OperatorSchema {
  private static final Object TEXT = String.class;
  private static final Object NUMBER = Integer.class;
  private static final Object TEXTS = List.of(TEXT);

  /** Any names, as of labels; values are texts. */
  private static final Object TEXT_MAP = Map.of("*", TEXT);

  private static final Map<String, Object> POD =
      Map.of(
          "cores", NUMBER,
          "memory", TEXT,
          "memoryOverhead", TEXT,
          "serviceAccount", TEXT,
          "annotations", TEXT_MAP,
          "instances", NUMBER);

  private static final Map<String, Object> APPLICATION =
      Map.ofEntries(
          Map.entry("type", List.of("Java", "Scala", "Python", "R")),
          Map.entry("mode", List.of("cluster", "client")),
          Map.entry("sparkVersion", TEXT),
          Map.entry("image", TEXT),
          Map.entry("mainClass", TEXT),
          Map.entry("mainApplicationFile", TEXT),
          Map.entry("arguments", TEXTS),
          Map.entry("restartPolicy", Map.of("type", List.of("Never", "Always", "OnFailure"))),
          Map.entry("timeToLiveSeconds", NUMBER),
          Map.entry("sparkConf", TEXT_MAP),
          Map.entry("driver", POD),
          Map.entry("executor", POD));

  private static final Map<String, Object> SCHEDULE =
      Map.of(
          "schedule", TEXT,
          "concurrencyPolicy", List.of("Allow", "Forbid", "Replace"),
          "successfulRunHistoryLimit", NUMBER,
          "failedRunHistoryLimit", NUMBER,
          "template", APPLICATION);

  private OperatorSchema() {}

  /** What is wrong with a resource: unknown fields and values of another type. */
  static List<String> faults(Map<String, ?> resource) {
    Object spec = resource.get("kind").equals("SparkApplication") ? APPLICATION : SCHEDULE;
    List<String> faults = new ArrayList<>();
    check(
        "",
        Map.of(
            "apiVersion",
            List.of("sparkoperator.k8s.io/v1beta2"),
            "kind",
            List.of("SparkApplication", "ScheduledSparkApplication"),
            "metadata",
            TEXT_MAP,
            "spec",
            spec),
        resource,
        faults);
    return faults;
  }

  private static void check(String path, Object type, Object value, List<String> faults) {
    if (type instanceof Map<?, ?> fields && value instanceof Map<?, ?> map) {
      map.forEach((name, field) -> checkField(path + "/" + name, fields, name, field, faults));
    } else if (type == TEXTS && value instanceof List<?> list) {
      list.forEach(item -> check(path + "[]", TEXT, item, faults));
    } else if (!(type instanceof Class<?> scalar && scalar.isInstance(value))
        && !(type != TEXTS && type instanceof List<?> choices && choices.contains(value))) {
      faults.add(path + " is " + value);
    }
  }

  private static void checkField(
      String path, Map<?, ?> fields, Object name, Object value, List<String> faults) {
    Object type = fields.containsKey("*") ? fields.get("*") : fields.get(name);
    if (type == null) {
      faults.add(path + " is no field");
    } else {
      check(path, type, value, faults);
    }
  }
}
