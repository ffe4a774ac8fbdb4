package swarmformer.jobs;

import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import swarmformer.data.PredictionColumns;
import swarmformer.data.Secrets;
import swarmformer.data.TextSource;
import swarmformer.store.Manifest;

/**
 * An event of OpenLineage (openlineage.io, spec 2-0-2) on a night: what was read, with which model,
 * what was written, and which columns came of which.
 *
 * @param namespace of the job
 * @param night its date
 * @param source what is read
 * @param dateColumns columns that tell the date; empty if all rows are the night's
 * @param model which one scores: its name and the SHA-256 of its weights; absent before it is read
 * @param output where the store is
 */
record LineageEvent(
    String namespace,
    LocalDate night,
    TextSource source,
    List<String> dateColumns,
    Optional<Manifest.Model> model,
    Dataset output) {
  private static final String SPEC = "https://openlineage.io/spec/";
  private static final String PRODUCER = "https://github.com/swarmformer-spark/swarmformer-spark";

  /** What is known of a text without the network. */
  private static final Set<String> OF_TEXT =
      Set.of("tokens", "truncated", "error", "unknown", "content_hash");

  /** What the network makes of a text. */
  private static final Set<String> PREDICTED =
      Arrays.stream(PredictionColumns.SCORED.fieldNames())
          .filter(column -> !OF_TEXT.contains(column))
          .collect(Collectors.toUnmodifiableSet());

  private static final Set<String> OF_MODEL = Set.of("model_sha256", "config_sha256", "dtype");

  private static final Set<String> OF_JOB = Set.of("reused", "scored_at");

  /** A dataset as OpenLineage names it. */
  record Dataset(String namespace, String name) {
    /** Files: the namespace is the file system, the name the path there. */
    static Dataset ofPath(String place) {
      Path path = new Path(Secrets.without(place));
      String scheme = path.toUri().getScheme();
      String name = path.toUri().getPath();
      if (scheme == null || scheme.equals("file")) {
        return new Dataset("file", name);
      }
      boolean isS3 = scheme.equals("s3a") || scheme.equals("s3n");
      boolean isBucket = isS3 || scheme.equals("s3") || scheme.equals("gs");
      return new Dataset(
          (isS3 ? "s3" : scheme)
              + "://"
              + Optional.ofNullable(path.toUri().getAuthority()).orElse(""),
          isBucket ? name.replaceFirst("^/", "") : name);
    }
  }

  /** The night is in the store. */
  String complete(Manifest manifest, StructType schema) {
    Map<String, Object> written = dataset(output);
    written.put(
        "facets",
        Map.of(
            "schema",
                facet(
                    "facets/1-1-1/SchemaDatasetFacet.json",
                    Map.of("fields", Stream.of(schema.fields()).map(LineageEvent::field).toList())),
            "columnLineage",
                facet(
                    "facets/1-0-1/ColumnLineageDatasetFacet.json",
                    Map.of("fields", columns(schema))),
            "version",
                facet(
                    "facets/1-0-0/DatasetVersionDatasetFacet.json",
                    Map.of("datasetVersion", String.valueOf(manifest.transaction())))));
    written.put(
        "outputFacets",
        Map.of(
            "outputStatistics",
            facet(
                "facets/1-0-2/OutputStatisticsOutputDatasetFacet.json",
                Map.of("rowCount", manifest.counts().rows()))));
    return event("COMPLETE", Map.of(), written);
  }

  /** The night failed. */
  String failed(String message) {
    Map<String, Object> error =
        facet(
            "facets/1-0-1/ErrorMessageRunFacet.json",
            Map.of("message", message, "programmingLanguage", "JAVA"));
    return event("FAIL", Map.of("errorMessage", error), dataset(output));
  }

  private String event(String type, Map<String, Object> more, Map<String, Object> written) {
    Map<String, Object> facets = new LinkedHashMap<>(more);
    facets.put(
        "nominalTime",
        facet(
            "facets/1-0-1/NominalTimeRunFacet.json",
            Map.of("nominalStartTime", night + "T00:00:00Z")));
    Map<String, Object> event = new LinkedHashMap<>();
    event.put("eventType", type);
    event.put("eventTime", Instant.now().toString());
    event.put("producer", PRODUCER);
    event.put("schemaURL", SPEC + "2-0-2/OpenLineage.json#/$defs/RunEvent");
    event.put("run", Map.of("runId", UUID.randomUUID().toString(), "facets", facets));
    event.put("job", Map.of("namespace", namespace, "name", "swarmformer.score-nightly"));
    List<Map<String, Object>> inputs = new ArrayList<>();
    inputs().forEach(input -> inputs.add(dataset(input)));
    model.map(LineageEvent::modelDataset).ifPresent(inputs::add);
    event.put("inputs", inputs);
    event.put("outputs", List.of(written));
    return Manifest.writeLine(event);
  }

  private List<Dataset> inputs() {
    return source.table().isPresent() || source.paths().isEmpty()
        ? List.of(new Dataset(namespace, source.name()))
        : source.paths().stream().map(Dataset::ofPath).toList();
  }

  private static Dataset named(Manifest.Model model) {
    return new Dataset("swarmformer", "model/" + model.name());
  }

  private static Map<String, Object> modelDataset(Manifest.Model model) {
    Map<String, Object> dataset = dataset(named(model));
    dataset.put(
        "facets",
        Map.of(
            "version",
            facet(
                "facets/1-0-0/DatasetVersionDatasetFacet.json",
                Map.of("datasetVersion", model.sha256()))));
    return dataset;
  }

  private static Map<String, Object> dataset(Dataset named) {
    Map<String, Object> dataset = new LinkedHashMap<>();
    dataset.put("namespace", named.namespace());
    dataset.put("name", named.name());
    return dataset;
  }

  private static Map<String, Object> facet(String schema, Map<String, Object> fields) {
    Map<String, Object> facet = new LinkedHashMap<>(fields);
    String name = schema.substring(schema.lastIndexOf('/') + 1, schema.lastIndexOf('.'));
    facet.put("_producer", PRODUCER);
    facet.put("_schemaURL", SPEC + schema + "#/$defs/" + name);
    return facet;
  }

  private static Map<String, Object> field(StructField field) {
    return Map.of("name", field.name(), "type", field.dataType().catalogString());
  }

  private Map<String, Object> columns(StructType schema) {
    Map<String, Object> columns = new LinkedHashMap<>();
    for (String column : schema.fieldNames()) {
      List<Map<String, Object>> from = new ArrayList<>();
      for (String field : fieldsOf(column)) {
        inputs().forEach(input -> from.add(inputField(input, field)));
      }
      if (PREDICTED.contains(column) || OF_MODEL.contains(column)) {
        model.ifPresent(scorer -> from.add(inputField(named(scorer), "weights")));
      }
      if (!from.isEmpty()) {
        columns.put(column, Map.of("inputFields", from));
      }
    }
    return columns;
  }

  private static Map<String, Object> inputField(Dataset dataset, String field) {
    Map<String, Object> from = dataset(dataset);
    from.put("field", field);
    return from;
  }

  /** Columns of the input that one of the store is made of. An id may be made of the text. */
  private List<String> fieldsOf(String column) {
    String text = source.contentName();
    if (PREDICTED.contains(column) || OF_TEXT.contains(column)) {
      return List.of(text);
    }
    if (OF_MODEL.contains(column) || OF_JOB.contains(column)) {
      return List.of();
    }
    return switch (column) {
      case "id" -> source.idColumn().map(List::of).orElse(List.of("id", text));
      case "label" -> List.of(source.labelName());
      case "date" -> dateColumns;
      default -> List.of(column);
    };
  }
}
