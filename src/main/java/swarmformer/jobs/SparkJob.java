package swarmformer.jobs;

import java.time.Instant;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.SparkConf;
import org.apache.spark.deploy.SparkHadoopUtil;
import org.apache.spark.sql.SparkSession;
import swarmformer.cluster.Master;
import swarmformer.cluster.SparkVersion;

/** The Spark session of a program. */
final class SparkJob {
  private static final String NAME = "spark.app.name";
  private static final String EXTENSIONS = "spark.sql.extensions";
  static final String KRYO_CLASSES = "spark.kryo.classesToRegister";

  /**
   * What Spark itself sends and does not register: types in a schema when it reads Parquet, and the
   * rows of an iterator on the driver. Without these, {@code spark.kryo.registrationRequired} lets
   * it do neither.
   */
  static final String SENT_BY_SPARK =
      "[Lorg.apache.spark.util.io.ChunkedByteBuffer;,"
          + "org.apache.spark.sql.types.ArrayType,"
          + "org.apache.spark.sql.types.MapType,"
          + "org.apache.spark.sql.types.BooleanType$,"
          + "org.apache.spark.sql.types.ByteType$,"
          + "org.apache.spark.sql.types.ShortType$,"
          + "org.apache.spark.sql.types.FloatType$,"
          + "org.apache.spark.sql.types.BinaryType$,"
          + "org.apache.spark.sql.types.TimestampType$,"
          + "org.apache.spark.sql.types.TimestampNTZType$";

  private SparkJob() {}

  /** Opens Spark with what every program of ours relies on. */
  static SparkSession open(String name) {
    return open(name, Map.of());
  }

  /** When the application was submitted, the same for all of its attempts. */
  static Instant submitted(SparkSession spark) {
    String time = spark.sparkContext().conf().get("spark.app.submitTime", "");
    return time.isEmpty() ? Instant.now() : Instant.ofEpochMilli(Long.parseLong(time));
  }

  /** Opens Spark with some settings of a program's own, too. */
  static SparkSession open(String name, Map<String, Object> settings) {
    return open(SparkSession.builder().config(settings), name);
  }

  /** Opens Spark with further settings, unless the user has set them; extensions are added. */
  static SparkSession openWithDefaults(String name, Map<String, String> defaults) {
    SparkSession.Builder builder = SparkSession.builder();
    SparkConf given = new SparkConf();
    defaults.forEach(
        (key, value) -> {
          if (key.equals(EXTENSIONS)) {
            builder.config(key, joined(given.get(key, ""), value));
          } else if (!given.contains(key)) {
            builder.config(key, value);
          }
        });
    return open(builder, name);
  }

  private static SparkSession open(SparkSession.Builder builder, String name) {
    SparkVersion.check();
    SparkConf given = new SparkConf();
    if (isUnnamed(given)) {
      builder.appName("swarmformer " + name);
    }
    if (given.getBoolean("spark.kryo.registrationRequired", false)) {
      builder.config(KRYO_CLASSES, joined(given.get(KRYO_CLASSES, ""), SENT_BY_SPARK));
    }
    builder
        .config("spark.sql.session.timeZone", "UTC")
        .config("spark.sql.datetime.java8API.enabled", "false") // rows hold java.sql's classes
        .config("spark.sql.files.ignoreCorruptFiles", "false") // no row is lost in silence
        .config("spark.sql.files.ignoreMissingFiles", "false")
        .config("spark.sql.legacy.json.allowEmptyString.enabled", "true") // an empty text is null
        .config("spark.sql.legacy.javaCharsets", "true") // --option encoding=windows-1252
        .config("spark.sql.legacy.codingErrorAction", "true"); // what is not of it is U+FFFD
    return new Master(master(given), System.err).open(builder::getOrCreate);
  }

  /** A driver that was submitted into a pod reaches its API server by another address. */
  private static String master(SparkConf given) {
    return given.getBoolean("spark.kubernetes.submitInDriver", false)
        ? "k8s://" + given.get("spark.kubernetes.driver.master", "https://kubernetes.default.svc")
        : given.get("spark.master", "");
  }

  /** Hadoop's settings, those of {@code spark.hadoop} among them, without a session. */
  static Configuration hadoop() {
    return SparkHadoopUtil.get().newConfiguration(new SparkConf());
  }

  /** Without {@code --name}, {@code spark-submit} takes the class for a name. */
  private static boolean isUnnamed(SparkConf given) {
    return given.get(NAME, SparkJob.class.getName()).startsWith(SparkJob.class.getPackageName());
  }

  /** Lists of classes as one, each of which is in it once. */
  private static String joined(String classes, String more) {
    return Stream.of(classes, more)
        .flatMap(list -> Stream.of(list.split(",")))
        .map(String::strip)
        .filter(name -> !name.isEmpty())
        .distinct()
        .collect(Collectors.joining(","));
  }
}
