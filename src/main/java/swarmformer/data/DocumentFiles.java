package swarmformer.data;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.concat_ws;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.regexp_extract;
import static org.apache.spark.sql.functions.regexp_replace;
import static org.apache.spark.sql.functions.replace;
import static org.apache.spark.sql.functions.url_decode;
import static org.apache.spark.sql.functions.when;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import swarmformer.errors.InputException;

/** Files that are one text each. */
final class DocumentFiles {
  static final String IMDB = "imdb";
  static final String DOCUMENTS = "documents";

  /** A review of a dataset, of a split of it, or of one sentiment. */
  private static final Pattern REVIEW =
      Pattern.compile("(?:^|.*/)(?:(?:train|test)/)?(?:pos|neg)/[^/]+\\.txt");

  private static final Pattern BELOW_SENTIMENT =
      Pattern.compile("(?:(?:train|test)/)?(?:pos|neg)/.*");

  /** What the Large Movie Review Dataset holds beside labelled reviews. */
  private static final Pattern BESIDE =
      Pattern.compile(
          "(?:(?:train|test)/)?(?:.*README.*|imdb.*|urls_.*\\.txt|[a-zA-Z]+Bow\\.feat|unsup/.*)");

  /** Where a text's file lies, without file system and host. */
  private static final String PATH = "path";

  private static final String FOLDERS = "(?:/(train|test))?/(pos|neg)/[^/]+$";
  private static final String NUMBERED = "/(\\d+)_(\\d+)\\.txt$";
  private static final String STEM = "/([^/]+)\\.txt$";

  private DocumentFiles() {}

  /**
   * Whether there are text files in directories {@code pos} or {@code neg}, or in those of splits.
   */
  static boolean areImdb(InputFiles files) {
    return files.all().stream()
        .map(file -> files.belowBase(file) + file.status().getPath().getName())
        .anyMatch(DocumentFiles::isReview);
  }

  private static boolean isReview(String name) {
    return BELOW_SENTIMENT.matcher(name).matches() && REVIEW.matcher(name).matches();
  }

  /**
   * Columns id, text, label and rating of the reviews in directories {@code pos} and {@code neg}.
   *
   * @param source without a format, other files than those of the Large Movie Review Dataset are
   *     refused
   * @throws InputException if there are no such directories, or they hold other files
   */
  static Dataset<Row> imdb(SparkSession spark, InputFiles files, TextSource source) {
    List<InputFiles.Listed> inFolders =
        files.all().stream().filter(file -> isBelowSentiment(file)).toList();
    if (inFolders.isEmpty()) {
      throw new InputException(
          "Cannot read %s as imdb: it has no directories pos or neg, and no train or test with them. Set --input to the aclImdb directory."
              .formatted(files.name()));
    }
    refuseOthers(files, inFolders, source.format().isEmpty());
    Map<String, String> options = new HashMap<>(source.readerOptions());
    FileHeads.check(
        spark,
        inFolders.stream().map(InputFiles.Listed::status).toList(),
        ReadOptions.get(options, "encoding"));
    ReadOptions.addTo(options, Map.of("wholetext", "true"));
    String[] folders =
        inFolders.stream()
            .map(file -> InputPaths.quoted(file.status().getPath().getParent()))
            .distinct()
            .toArray(String[]::new);
    Dataset<Row> read = TextLines.read(spark, files, folders, options);
    files.checkAllRead(read, inFolders);
    return reviews(withEmpty(spark, inFolders, read));
  }

  private static void refuseOthers(
      InputFiles files, List<InputFiles.Listed> inFolders, boolean strict) {
    refuse(
        files,
        inFolders.stream().filter(file -> !isText(file)).toList(),
        "files in pos and neg are not named NAME.txt. Move them, or set --format");
    if (strict) {
      refuse(
          files,
          files.all().stream()
              .filter(file -> !isBelowSentiment(file))
              .filter(file -> !BESIDE.matcher(file.relative()).matches())
              .toList(),
          "files lie outside of pos and neg. Set --input to those directories, or --format documents");
    }
  }

  private static Dataset<Row> reviews(Dataset<Row> texts) {
    Column path = col(PATH);
    Column split = regexp_extract(path, FOLDERS, 1);
    Column folder = regexp_extract(path, FOLDERS, 2);
    Column number = regexp_extract(path, NUMBERED, 1);
    return texts.select(
        concat_ws(
                "/",
                when(split.notEqual(""), split),
                folder,
                when(number.notEqual(""), number).otherwise(regexp_extract(path, STEM, 1)))
            .as("id"),
        col(TextLines.TEXT),
        folder.as("label"),
        regexp_extract(path, NUMBERED, 2).try_cast("int").as("rating"));
  }

  private static boolean isBelowSentiment(InputFiles.Listed file) {
    String root = file.root().getName();
    return BELOW_SENTIMENT.matcher(file.relative()).matches()
        || root.equals("pos")
        || root.equals("neg");
  }

  private static boolean isText(InputFiles.Listed file) {
    return file.status().getPath().getName().endsWith(".txt");
  }

  private static void refuse(InputFiles files, List<InputFiles.Listed> odd, String reason) {
    if (!odd.isEmpty()) {
      throw new InputException(
          String.format(
              Locale.ROOT,
              "Cannot read %s as imdb: %d of %d %s (%s).",
              files.name(),
              odd.size(),
              files.all().size(),
              reason,
              InputFiles.named(odd)));
    }
  }

  /** Columns id (the path below what all files have in common) and text of each file. */
  static Dataset<Row> documents(SparkSession spark, InputFiles files, Map<String, String> options) {
    FileHeads.check(spark, files.statuses(), ReadOptions.get(options, "encoding"));
    String common = commonFolder(files).toUri().getPath();
    String prefix = common.endsWith("/") ? common : common + "/";
    Map<String, String> whole = new HashMap<>(options);
    whole.put("wholetext", "true");
    whole.put("recursiveFileLookup", "true");
    return withEmpty(spark, files.all(), TextLines.read(spark, files, whole))
        .select(
            col(PATH).substr(lit(prefix.length() + 1), lit(Integer.MAX_VALUE)).as("id"),
            col(TextLines.TEXT));
  }

  private static Path commonFolder(InputFiles files) {
    Path common = files.matches().get(0).getPath();
    if (!files.matches().get(0).isDirectory()) {
      common = common.getParent();
    }
    for (InputFiles.Listed file : files.all()) {
      String path = file.status().getPath().toUri().getPath();
      while (common.getParent() != null && !path.startsWith(common.toUri().getPath() + "/")) {
        common = common.getParent();
      }
    }
    return common;
  }

  /** Texts with their paths, those of empty files included, which Spark passes over. */
  private static Dataset<Row> withEmpty(
      SparkSession spark, List<InputFiles.Listed> files, Dataset<Row> texts) {
    Column encoded =
        replace(col("_metadata.file_path"), lit("+"), lit("%2B")); // a plus is not a space here
    Column path = regexp_replace(url_decode(encoded), "^[A-Za-z0-9+.-]+:(?://[^/]*)?", "");
    Dataset<Row> read = texts.select(path.as(PATH), col(TextLines.TEXT));
    Set<Path> notLeftOut = InputFiles.read(texts);
    List<Row> empty =
        files.stream()
            .map(InputFiles.Listed::status)
            .filter(file -> file.getLen() == 0 && notLeftOut.contains(file.getPath()))
            .map(file -> RowFactory.create(file.getPath().toUri().getPath(), ""))
            .toList();
    return empty.isEmpty() ? read : read.union(spark.createDataFrame(empty, read.schema()));
  }
}
