package swarmformer.jobs;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.sql.Date;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.ChecksumFileSystem;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import swarmformer.analysis.JudgedNights;
import swarmformer.checkpoint.SwarmFormerConfig;
import swarmformer.data.Failures;
import swarmformer.data.LabelMap;
import swarmformer.data.LaterLabels;
import swarmformer.data.OutputPlace;
import swarmformer.data.TextSource;
import swarmformer.errors.InputException;
import swarmformer.errors.OutputException;
import swarmformer.metrics.Evaluation;
import swarmformer.nightly.DateRange;
import swarmformer.report.Pages;
import swarmformer.report.trend.Trend;
import swarmformer.report.trend.TrendPage;
import swarmformer.store.Manifest;
import swarmformer.store.NightStore;

/** Tells how the nights of a store went. */
@Command(
    name = "jobs/report-trend.sh",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    sortOptions = false,
    usageHelpWidth = 100,
    customSynopsis = "${COMMAND-NAME} --store DIR [OPTION...]",
    description = {
      "Writes a page on the nights of jobs/score-nightly.sh: one self-contained HTML file.",
      "Options of spark-submit go after --.",
      "Settings of a cluster: --conf-file NAME, a file or a name in conf/."
    },
    footer = {"", "Exit codes: 0 done, 1 a bug, 2 usage, 3 input or output."})
public final class ReportTrend implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private StoreOptions place;
  @Mixin private LabelOptions labels;

  @Option(
      names = "--nights",
      paramLabel = "FROM..TO",
      converter = NightlyOptions.Ranges.class,
      description = "Only these nights. Default: all.")
  private Optional<DateRange> nights;

  @Option(
      names = "--output",
      paramLabel = "FILE",
      description =
          "Path of the page; an existing one is replaced. Default: trend.html in the store.")
  private Optional<String> output;

  /** Makes the page and ends the JVM with its exit code. */
  public static void main(String... arguments) {
    Program.main(new ReportTrend(), arguments);
  }

  @Override
  public Integer call() throws IOException {
    Program.refuseClashes(spec, place.clashes(), place.missing(), labels.clashes(), clashes());
    try (SparkSession spark = SparkJob.openWithDefaults("report-trend", place.settings())) {
      NightStore store = place.open(spark);
      Path page =
          OutputPlace.of(
              output.orElse(store.root() + "/trend.html"),
              spark.sparkContext().hadoopConfiguration());
      checkBesideRows(spark, store, page);
      TrendPage trend = new TrendPage(trend(spark, store), plainStore(), CommandText.of(spec));
      write(spark.sparkContext().hadoopConfiguration(), page, trend.html());
      TrendText.print(trend, page, spec.commandLine().getOut());
    }
    return ExitCode.DONE;
  }

  private List<String> clashes() {
    return place.isNamedTable() && output.isEmpty()
        ? List.of("Missing --output: a named table has no directory for the page.")
        : List.of();
  }

  private String plainStore() {
    return Pages.place(place.store.orElseThrow());
  }

  private Trend trend(SparkSession spark, NightStore store) {
    Predicate<LocalDate> wanted = date -> nights.map(range -> range.contains(date)).orElse(true);
    List<LocalDate> dates = store.dates().stream().filter(wanted).toList();
    List<Manifest> manifests =
        store.manifests(dates).stream()
            .filter(manifest -> wanted.test(LocalDate.parse(manifest.date())))
            .toList();
    if (manifests.isEmpty()) {
      throw new InputException(
          "Cannot tell a trend of %s: it holds %s%s. Check --store%s."
              .formatted(
                  plainStore(),
                  dates.isEmpty() ? "no nights" : "no manifest of any night",
                  nights.map(range -> " of " + range).orElse(""),
                  nights.isPresent() ? ", --store-format and --nights" : " and --store-format"));
    }
    return Trend.of(manifests, dates, judged(spark, store, manifests));
  }

  /**
   * Rows of the nights whose labels have come; none without labels. Those of a night are judged by
   * the classes of its model.
   */
  private JudgedNights judged(SparkSession spark, NightStore store, List<Manifest> nights) {
    Optional<TextSource> source = labels.source();
    Optional<Dataset<Row>> rows = store.rows();
    if (source.isEmpty() || rows.isEmpty()) {
      return JudgedNights.NONE;
    }
    Map<List<String>, List<Manifest>> byModel =
        nights.stream()
            .collect(
                Collectors.groupingBy(
                    night -> List.of(night.model().sha256(), night.model().configSha256()),
                    LinkedHashMap::new,
                    Collectors.toList()));
    Map<List<String>, Dataset<Row>> byClasses = new LinkedHashMap<>();
    for (List<Manifest> ofModel : byModel.values()) {
      Object[] dates = ofModel.stream().map(Manifest::date).map(Date::valueOf).toArray();
      Dataset<Row> theirs = rows.get().where(col("date").isin(dates));
      byClasses.merge(classNames(ofModel.get(0).model(), theirs), theirs, Dataset::union);
    }
    source.get().labelMap().ifPresent(map -> map.check(byClasses.keySet()));
    List<Dataset<Row>> labelled = new ArrayList<>();
    byClasses.forEach(
        (names, theirs) -> labelled.add(labelled(spark, source.get(), names, theirs)));
    Dataset<Row> all = labelled.stream().reduce(Dataset::union).orElseThrow();
    LaterLabels.checkFound(all, source.get().name());
    return JudgedNights.of(all);
  }

  /** A map of labels that names classes of other models alone says nothing of these rows. */
  private Dataset<Row> labelled(
      SparkSession spark, TextSource source, List<String> classNames, Dataset<Row> theirs) {
    Optional<LabelMap> own = source.labelMap().flatMap(map -> map.within(classNames));
    if (source.labelMap().isPresent() && own.isEmpty()) {
      return theirs.drop("label").withColumn("label", lit(null).cast("int"));
    }
    LaterLabels later = LaterLabels.read(spark, source.withLabelMap(own), classNames, theirs);
    new ConsoleReport(spec.commandLine().getOut()).warnOfUnrecognised(later.found());
    return later.join(theirs);
  }

  private static List<String> classNames(Manifest.Model model, Dataset<Row> scored) {
    byte[] config = model.config().getBytes(StandardCharsets.UTF_8);
    return Evaluation.classNames(scored, SwarmFormerConfig.parse(config, "the manifest's model"));
  }

  /** Spark would take the page for rows. */
  private static void checkBesideRows(SparkSession spark, NightStore store, Path page) {
    try {
      FileSystem files = page.getFileSystem(spark.sparkContext().hadoopConfiguration());
      String rows = store.root() + "/predictions/";
      if (files.makeQualified(page).toString().startsWith(rows)) {
        throw new OutputException(
            "Cannot write to %s: readers would take it for rows of the store. Set another --output."
                .formatted(page));
      }
    } catch (IOException e) {
      throw Failures.ofWriting(page.toString(), e);
    }
  }

  /** Without the checksum that Hadoop keeps beside a local file: the page is for people. */
  private static void write(Configuration hadoop, Path page, String html) {
    try {
      FileSystem checked = page.getFileSystem(hadoop);
      FileSystem files =
          checked instanceof ChecksumFileSystem own ? own.getRawFileSystem() : checked;
      if (files.exists(page) && files.getFileStatus(page).isDirectory()) {
        throw new OutputException(
            "Cannot write to %s: it is a directory. Set --output to a file.".formatted(page));
      }
      try (OutputStream out = files.create(page, true)) {
        out.write(html.getBytes(StandardCharsets.UTF_8));
      }
    } catch (IOException e) {
      throw Failures.ofWriting(page.toString(), e);
    }
  }
}
