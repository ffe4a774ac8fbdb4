package swarmformer.clusters;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.FileUtil;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.PathIOException;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.util.HadoopInputFile;

/**
 * A reader that reads all the time what the documents say that runs are, and notes each one that is
 * not whole: {@code OUTPUT/run=ID/predictions}, or where {@code OUTPUT/run=ID/run.json} points.
 */
final class RunReader implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Configuration settings;
  private final FileSystem files;
  private final Path output;
  private final long rows;
  private final Map<Path, Long> known = new HashMap<>();
  private final Queue<String> torn = new ConcurrentLinkedQueue<>();
  private final AtomicInteger reads = new AtomicInteger();
  private final Thread thread = new Thread(this::readOn, "run-reader");

  private RunReader(Configuration settings, Path output, long rows) throws IOException {
    this.settings = settings;
    this.files = output.getFileSystem(settings);
    this.output = output;
    this.rows = rows;
  }

  /**
   * Starts to read.
   *
   * @param rows how many a whole run has
   */
  static RunReader start(Configuration settings, Path output, long rows) throws IOException {
    RunReader reader = new RunReader(settings, output, rows);
    reader.thread.start();
    return reader;
  }

  /** What was not whole. */
  List<String> torn() {
    return List.copyOf(torn);
  }

  /** How often a run was read. */
  int reads() {
    return reads.get();
  }

  /** Where the predictions of a run are; empty if there is no such run. */
  static Optional<Path> predictions(Configuration settings, Path output, String run)
      throws IOException {
    Path there = new Path(output, "run=" + run);
    try (InputStream in = there.getFileSystem(settings).open(new Path(there, "run.json"))) {
      JsonNode data = JSON.readTree(in).path("data");
      Path directory = data.isTextual() ? new Path(output, data.asText()) : there;
      return Optional.of(new Path(directory, "predictions"));
    } catch (FileNotFoundException e) {
      return Optional.empty();
    }
  }

  /** Copies the predictions of a run, which must be there, to a new directory of this machine. */
  static java.nio.file.Path copyPredictions(
      Configuration settings, Path output, String run, java.nio.file.Path to) throws IOException {
    Path there = predictions(settings, output, run).orElseThrow();
    java.nio.file.Path here = Files.createTempDirectory(to, "copy");
    FileUtil.copy(
        there.getFileSystem(settings),
        there,
        here.resolve("predictions").toFile(),
        false,
        settings);
    return here;
  }

  private void readOn() {
    try {
      while (true) {
        try {
          for (FileStatus part : glob("run=*/predictions")) {
            check(part.getPath());
          }
          for (FileStatus run : glob("run=*")) {
            String id = run.getPath().getName().substring("run=".length());
            Optional<Path> predictions = predictions(settings, output, id);
            if (predictions.isPresent()) {
              check(predictions.get());
            }
          }
        } catch (PathIOException e) {
          // S3A: run.json was replaced between its status and its content. The next read sees it.
        } catch (IOException e) {
          torn.add(e.toString());
        }
        TimeUnit.MILLISECONDS.sleep(50);
      }
    } catch (InterruptedException e) {
      // Closed.
    }
  }

  private FileStatus[] glob(String pattern) throws IOException {
    FileStatus[] found = files.globStatus(new Path(output, pattern));
    return found == null ? new FileStatus[0] : found;
  }

  private void check(Path predictions) throws IOException {
    long found = 0;
    try {
      for (FileStatus file : files.listStatus(predictions)) {
        if (file.getPath().getName().endsWith(".parquet")) {
          found += rowsOf(file.getPath());
        }
      }
    } catch (FileNotFoundException e) {
      return; // it was replaced or forgotten at this moment
    }
    reads.incrementAndGet();
    if (found != rows) {
      torn.add(predictions + " had " + found + " rows");
    }
  }

  /** The names of Spark's files are random: one file of a name has one content. */
  private long rowsOf(Path file) throws IOException {
    Long before = known.get(file);
    if (before == null) {
      try (ParquetFileReader reader =
          ParquetFileReader.open(HadoopInputFile.fromPath(file, settings))) {
        before = reader.getRecordCount();
      }
      known.put(file, before);
    }
    return before;
  }

  @Override
  public void close() throws InterruptedException {
    thread.interrupt();
    thread.join();
  }
}
