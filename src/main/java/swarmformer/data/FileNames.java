package swarmformer.data;

import java.util.Locale;
import java.util.Map;
import org.apache.hadoop.fs.Path;
import swarmformer.errors.InputException;

/** What the name of an input file tells: its format, and whether Spark's readers see it. */
final class FileNames {
  /** How macOS names what it notes of a file. */
  private static final String OF_MACOS = "._";

  /** How Hadoop names a file until it is copied, and Spark passes over it. */
  private static final String COPIED = "._COPYING_";

  private static final String NO_TABLE = "a spreadsheet is not read. Save it as CSV.";
  private static final String NO_TEXT = "it is not plain text. Convert it to .txt or CSV first.";

  /** Endings of what people have texts in and nothing here reads, and what to do. */
  private static final Map<String, String> OTHERS =
      Map.of(
          "xlsx", NO_TABLE,
          "xls", NO_TABLE,
          "ods", NO_TABLE,
          "pdf", NO_TEXT,
          "docx", NO_TEXT,
          "doc", NO_TEXT,
          "odt", NO_TEXT,
          "rtf", NO_TEXT,
          "html", NO_TEXT,
          "pkl", "a Python pickle is not read. Write it with to_parquet.");

  private static final Map<String, String> FORMATS =
      Map.ofEntries(
          Map.entry("parquet", "parquet"),
          Map.entry("orc", "orc"),
          Map.entry("json", "json"),
          Map.entry("jsonl", "json"),
          Map.entry("ndjson", "json"),
          Map.entry("csv", "csv"),
          Map.entry("tsv", "csv"),
          Map.entry("txt", "text"),
          Map.entry("text", "text"));

  private FileNames() {}

  /**
   * The format that a name tells.
   *
   * @throws InputException if it tells none
   */
  static String knownFormat(Path file) {
    String format = formatOf(file.getName());
    if (!format.isEmpty()) {
      return format;
    }
    Compression.refuseUnreadable(file);
    String advice = OTHERS.get(ending(file.getName()));
    throw new InputException(
        advice == null
            ? "Cannot tell the format of " + file + " from its name. Set --format, as in csv."
            : "Cannot read " + file + ": " + advice);
  }

  /** The format that a name tells; empty if it tells none. */
  static String formatOf(String name) {
    return FORMATS.getOrDefault(ending(name), "");
  }

  /** Spark passes over names that begin with an underscore or a dot. */
  static boolean isHidden(String relative) {
    for (String part : relative.split("/")) {
      if ((part.startsWith("_") && !part.contains("=")) || part.startsWith(".")) {
        return true;
      }
    }
    return false;
  }

  /** Whether a file is read, or refused because Spark would pass over what is named as data. */
  static boolean isData(String relative) {
    String name = relative.substring(relative.lastIndexOf('/') + 1);
    return !isHidden(relative)
        || (!isHidden(directoryOf(relative)) && !formatOf(name).isEmpty() && !isOfMacOs(name));
  }

  /** Whether a file is not complete: it is still being copied, or was. */
  static boolean isCopied(Path file) {
    return file.getName().endsWith(COPIED);
  }

  /**
   * Refuses a file that is not complete.
   *
   * @throws InputException if it is still being copied, or was
   */
  static void refuseCopied(Path file) {
    if (isCopied(file)) {
      throw new InputException(
          "Cannot read %s: it is still being copied, or its copy was killed. Wait for it, or remove the file."
              .formatted(file));
    }
  }

  /** Whether it is a note of macOS about a file. */
  static boolean isOfMacOs(String name) {
    return name.startsWith(OF_MACOS);
  }

  /** The directory of a relative path, with its slash; empty if there is none. */
  static String directoryOf(String relative) {
    return relative.substring(0, relative.lastIndexOf('/') + 1);
  }

  /** The file-name ending that tells the format: {@code csv} of {@code reviews.csv.gz}. */
  static String ending(String fileName) {
    String[] parts = fileName.toLowerCase(Locale.ROOT).split("\\.");
    int last = parts.length - 1;
    if (last > 0 && Compression.isReadable(parts[last])) {
      last--;
    }
    return last > 0 ? parts[last] : "";
  }
}
