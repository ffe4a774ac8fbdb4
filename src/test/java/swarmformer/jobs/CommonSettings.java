package swarmformer.jobs;

import java.util.LinkedHashMap;
import java.util.Map;

/** What the {@code spark-defaults.conf} of clusters often holds. */
final class CommonSettings {
  private CommonSettings() {}

  /** Settings that go together, by what they are about. */
  static Map<String, Map<String, String>> byTopic() {
    Map<String, Map<String, String>> topics = new LinkedHashMap<>();
    serializers(topics);
    storage(topics);
    network(topics);
    queries(topics);
    sources(topics);
    scheduling(topics);
    return topics;
  }

  private static void serializers(Map<String, Map<String, String>> topics) {
    String kryo = "org.apache.spark.serializer.KryoSerializer";
    topics.put("Kryo", Map.of("spark.serializer", kryo));
    topics.put(
        "Kryo with registration",
        Map.of("spark.serializer", kryo, "spark.kryo.registrationRequired", "true"));
    topics.put(
        "Kryo without references",
        Map.of("spark.serializer", kryo, "spark.kryo.referenceTracking", "false"));
  }

  private static void storage(Map<String, Map<String, String>> topics) {
    topics.put(
        "compression",
        Map.of(
            "spark.io.compression.codec",
            "zstd",
            "spark.rdd.compress",
            "true",
            "spark.broadcast.compress",
            "false"));
    topics.put("no compression of shuffles", Map.of("spark.shuffle.compress", "false"));
    topics.put(
        "memory outside the heap",
        Map.of("spark.memory.offHeap.enabled", "true", "spark.memory.offHeap.size", "64m"));
    topics.put(
        "committer of version 2, without _SUCCESS",
        Map.of(
            "spark.hadoop.mapreduce.fileoutputcommitter.algorithm.version",
            "2",
            "spark.hadoop.mapreduce.fileoutputcommitter.marksuccessfuljobs",
            "false"));
  }

  /**
   * Without {@code spark.network.crypto.enabled}: now and then Spark's server of files then never
   * answers a request for a class that is not there, and each such request waits for two minutes.
   */
  private static void network(Map<String, Map<String, String>> topics) {
    topics.put("authentication", Map.of("spark.authenticate", "true"));
    topics.put("encrypted files", Map.of("spark.io.encryption.enabled", "true"));
    topics.put(
        "event log",
        Map.of(
            "spark.eventLog.enabled",
            "true",
            "spark.eventLog.dir",
            System.getProperty("java.io.tmpdir"),
            "spark.eventLog.compress",
            "true"));
    topics.put("user interface", Map.of("spark.ui.enabled", "true", "spark.ui.port", "0"));
    topics.put("plugin", Map.of("spark.plugins", "swarmformer.scoring.SwarmFormerPlugin"));
  }

  private static void queries(Map<String, Map<String, String>> topics) {
    topics.put("java.time", Map.of("spark.sql.datetime.java8API.enabled", "true"));
    topics.put("session time zone", Map.of("spark.sql.session.timeZone", "Asia/Kathmandu"));
    topics.put("timestamps without zone", Map.of("spark.sql.timestampType", "TIMESTAMP_NTZ"));
    topics.put("old parser of times", Map.of("spark.sql.legacy.timeParserPolicy", "LEGACY"));
    topics.put("no ANSI", Map.of("spark.sql.ansi.enabled", "false"));
    topics.put(
        "strict ANSI",
        Map.of(
            "spark.sql.ansi.enabled",
            "true",
            "spark.sql.ansi.enforceReservedKeywords",
            "true",
            "spark.sql.ansi.doubleQuotedIdentifiers",
            "true",
            "spark.sql.storeAssignmentPolicy",
            "STRICT"));
    topics.put("case sensitivity", Map.of("spark.sql.caseSensitive", "true"));
    topics.put("no adaptive execution", Map.of("spark.sql.adaptive.enabled", "false"));
    topics.put(
        "no generated code",
        Map.of(
            "spark.sql.codegen.wholeStage",
            "false",
            "spark.sql.codegen.factoryMode",
            "NO_CODEGEN"));
    topics.put("no broadcast joins", Map.of("spark.sql.autoBroadcastJoinThreshold", "-1"));
    topics.put("one shuffle partition", Map.of("spark.sql.shuffle.partitions", "1"));
  }

  private static void sources(Map<String, Map<String, String>> topics) {
    topics.put("default source", Map.of("spark.sql.sources.default", "orc"));
    topics.put(
        "partitions are overwritten one by one",
        Map.of("spark.sql.sources.partitionOverwriteMode", "dynamic"));
    topics.put(
        "values of partitions are text",
        Map.of("spark.sql.sources.partitionColumnTypeInference.enabled", "false"));
    topics.put(
        "listing on executors",
        Map.of("spark.sql.sources.parallelPartitionDiscovery.threshold", "0"));
    topics.put(
        "missing and corrupt files are ignored",
        Map.of(
            "spark.sql.files.ignoreMissingFiles", "true",
            "spark.sql.files.ignoreCorruptFiles", "true"));
    topics.put("few rows in a file", Map.of("spark.sql.files.maxRecordsPerFile", "7"));
    topics.put("Parquet with gzip", Map.of("spark.sql.parquet.compression.codec", "gzip"));
    topics.put(
        "Parquet of other programs",
        Map.of(
            "spark.sql.parquet.outputTimestampType", "INT96",
            "spark.sql.parquet.writeLegacyFormat", "true",
            "spark.sql.parquet.binaryAsString", "true"));
    topics.put(
        "Parquet is read row by row",
        Map.of(
            "spark.sql.parquet.enableVectorizedReader", "false",
            "spark.sql.parquet.filterPushdown", "false",
            "spark.sql.parquet.mergeSchema", "true"));
  }

  private static void scheduling(Map<String, Map<String, String>> topics) {
    topics.put(
        "speculation",
        Map.of(
            "spark.speculation", "true",
            "spark.speculation.quantile", "0.1",
            "spark.speculation.multiplier", "1.0",
            "spark.speculation.interval", "10ms"));
    topics.put("default parallelism", Map.of("spark.default.parallelism", "50"));
    topics.put("fair scheduler", Map.of("spark.scheduler.mode", "FAIR"));
    topics.put("no locality", Map.of("spark.locality.wait", "0s"));
    topics.put("no cleaner", Map.of("spark.cleaner.referenceTracking", "false"));
  }

  /** All at once; of two that exclude each other the later one. */
  static Map<String, String> together() {
    Map<String, String> all = new LinkedHashMap<>();
    byTopic().values().forEach(all::putAll);
    // Spark itself has not registered what it lists files on executors with.
    all.remove("spark.sql.sources.parallelPartitionDiscovery.threshold");
    return all;
  }
}
