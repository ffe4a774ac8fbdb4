package swarmformer.data;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import swarmformer.LocalSpark;

/** Writes input files of many kinds. */
final class TestFiles {
  private static final long SEED = 42;

  private TestFiles() {}

  static Path text(Path folder, String name, String content) {
    return bytes(folder, name, content.getBytes(StandardCharsets.UTF_8));
  }

  static Path bytes(Path folder, String name, byte[] content) {
    try {
      Path file = folder.resolve(name);
      Files.createDirectories(file.getParent());
      return Files.write(file, content);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Path gzip(Path folder, String name, String content) {
    return bytes(folder, name, gzipped(content));
  }

  static byte[] gzipped(String content) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
      out.write(content.getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  /** Bytes that no format begins with. */
  static byte[] noise(int length) {
    byte[] bytes = new byte[length];
    new Random(SEED).nextBytes(bytes);
    return bytes;
  }

  /** The one data file of a dataset that Spark writes. */
  static Path written(Path folder, String format, String sql) {
    Dataset<Row> rows = LocalSpark.session().sql(sql);
    Path target = folder.resolve(format + "-of-spark");
    rows.coalesce(1).write().mode("overwrite").format(format).save(target.toString());
    try (var files = Files.list(target)) {
      return files.filter(file -> file.toString().endsWith("." + format)).findFirst().orElseThrow();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A file's content up to a share of its length. */
  static byte[] cut(Path file, double share) {
    byte[] whole = read(file);
    return Arrays.copyOf(whole, (int) (whole.length * share));
  }

  static byte[] read(Path file) {
    try {
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
