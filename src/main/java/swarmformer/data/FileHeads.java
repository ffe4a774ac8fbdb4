package swarmformer.data;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.io.compress.CodecPool;
import org.apache.hadoop.io.compress.CompressionCodec;
import org.apache.hadoop.io.compress.CompressionCodecFactory;
import org.apache.hadoop.io.compress.Decompressor;
import org.apache.hadoop.io.compress.Lz4Codec;
import org.apache.hadoop.io.compress.SnappyCodec;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.util.SerializableConfiguration;
import swarmformer.errors.InputException;

/** Looks at how each text file begins: whether it is text, and what its header is. */
final class FileHeads {
  /** More files are opened by the executors. */
  private static final int MOST_ON_DRIVER = 16;

  private static final int FILES_OF_A_TASK = 64;
  private static final int MOST_BYTES = 1 << 20;
  private static final int CHUNK = 8 << 10;

  /** Bytes that tell what a file is. */
  private static final int MAGIC = 512;

  /** What the first bytes must hold. */
  interface Wanted extends Serializable {
    /** Whether these bytes are enough. */
    boolean isEnough(byte[] head);
  }

  /**
   * How a CSV file begins.
   *
   * @param path where it lies
   * @param record its first record; null if there is none
   * @param endsInReturn whether lines end in a carriage return alone
   */
  record Header(String path, String record, boolean endsInReturn) implements Serializable {}

  /** Looks at a file. */
  private interface Look<T> extends Serializable {
    /** What is to be kept of it. */
    Optional<T> at(String path, Configuration hadoop);
  }

  private FileHeads() {}

  /**
   * Reads the beginning of files, compressed ones decompressed as Spark's readers do.
   *
   * @throws InputException if one is not text, or cannot be decompressed
   */
  static void check(SparkSession spark, List<FileStatus> files, String encoding) {
    boolean utf8 = isUtf8(encoding);
    Look<Header> nothing =
        (path, hadoop) -> {
          read(path, hadoop, head -> true, utf8);
          return Optional.empty();
        };
    each(spark, files, nothing);
  }

  /**
   * Reads the headers of CSV files, of at most a megabyte each.
   *
   * @throws InputException if one is not text, or cannot be decompressed
   */
  static List<Header> headers(
      SparkSession spark, List<FileStatus> files, CsvHeader wanted, String encoding) {
    boolean utf8 = isUtf8(encoding);
    return each(
        spark,
        files,
        (path, hadoop) -> {
          byte[] head = read(path, hadoop, wanted, utf8);
          String text = new String(head, StandardCharsets.ISO_8859_1); // for what is ASCII
          boolean endsInReturn = text.contains("\r") && !text.contains("\n");
          return Optional.of(new Header(path, wanted.record(head).orElse(null), endsInReturn));
        });
  }

  private static boolean isUtf8(String encoding) {
    return encoding.isEmpty() || encoding.equalsIgnoreCase("UTF-8");
  }

  private static <T> List<T> each(SparkSession spark, List<FileStatus> files, Look<T> look) {
    JavaSparkContext context = JavaSparkContext.fromSparkContext(spark.sparkContext());
    SerializableConfiguration hadoop =
        new SerializableConfiguration(spark.sessionState().newHadoopConf());
    List<String> paths = files.stream().map(file -> file.getPath().toString()).toList();
    if (paths.size() > MOST_ON_DRIVER) {
      int tasks = (paths.size() + FILES_OF_A_TASK - 1) / FILES_OF_A_TASK;
      return context
          .parallelize(paths, Math.max(tasks, context.defaultParallelism()))
          .flatMap(path -> look.at(path, hadoop.value()).stream().iterator())
          .collect();
    }
    return paths.stream().flatMap(path -> look.at(path, hadoop.value()).stream()).toList();
  }

  private static byte[] read(String name, Configuration hadoop, Wanted wanted, boolean utf8) {
    Path path = new Path(name);
    try {
      CompressionCodec codec = new CompressionCodecFactory(hadoop).getCodec(path);
      if (codec == null) { // what is read is what lies there: one opening is enough
        byte[] head = open(path, hadoop, wanted);
        refuse(path, head, path.getName());
        refuse(path, head, "");
        refuseOtherUnicode(path, head, utf8);
        return head;
      }
      byte[] raw = raw(path, hadoop);
      refuse(path, raw, path.getName());
      boolean blocks = codec instanceof SnappyCodec || codec instanceof Lz4Codec;
      if (blocks && !Compression.holdsBlocks(raw, length(path, hadoop))) {
        throw new InputException(
            "Cannot read %s: it does not hold blocks as Hadoop writes them. Decompress it first, or compress it with gzip."
                .formatted(path));
      }
      byte[] head = open(path, hadoop, codec, wanted);
      refuse(path, head, "");
      if (raw.length > 0 && head.length == 0 && !isEmptyArchive(raw)) {
        throw new InputException(
            String.format(
                Locale.ROOT,
                "Cannot read %s: its %,d bytes or more are decompressed to nothing. Compress it with gzip.",
                path,
                raw.length));
      }
      refuseOtherUnicode(path, head, utf8);
      return head;
    } catch (IOException e) {
      throw Failures.ofReadingFile(name, e);
    }
  }

  /** Of gzip and bzip2 Hadoop is trusted to tell an empty file. */
  private static boolean isEmptyArchive(byte[] raw) {
    return raw.length < 64 && (raw[0] == 0x1f || raw[0] == 'B');
  }

  private static void refuse(Path path, byte[] head, String fileName) {
    Compression.notText(head, fileName)
        .ifPresent(
            reason -> {
              throw new InputException("Cannot read %s as text: %s".formatted(path, reason));
            });
  }

  private static void refuseOtherUnicode(Path path, byte[] head, boolean utf8) {
    boolean marked =
        head.length > 1
            && ((head[0] == (byte) 0xFF && head[1] == (byte) 0xFE)
                || (head[0] == (byte) 0xFE && head[1] == (byte) 0xFF));
    if (marked && utf8) {
      throw new InputException(
          "Cannot read %s: it begins with the byte order mark of UTF-16. Set --option encoding=%s."
              .formatted(path, head[0] == (byte) 0xFF ? "UTF-16LE" : "UTF-16BE"));
    }
  }

  private static long length(Path path, Configuration hadoop) throws IOException {
    return path.getFileSystem(hadoop).getFileStatus(path).getLen();
  }

  private static byte[] raw(Path path, Configuration hadoop) throws IOException {
    try (FSDataInputStream in = path.getFileSystem(hadoop).open(path)) {
      return in.readNBytes(MAGIC);
    }
  }

  private static byte[] open(Path path, Configuration hadoop, Wanted wanted) throws IOException {
    try (FSDataInputStream in = path.getFileSystem(hadoop).open(path)) {
      return head(in, wanted);
    }
  }

  private static byte[] open(Path path, Configuration hadoop, CompressionCodec codec, Wanted wanted)
      throws IOException {
    Decompressor decompressor = null;
    try (FSDataInputStream in = path.getFileSystem(hadoop).open(path)) {
      decompressor = CodecPool.getDecompressor(codec);
      return head(codec.createInputStream(in, decompressor), wanted);
    } catch (RuntimeException | InternalError e) { // of codecs without their native library
      throw new InputException(
          "Cannot read %s: it cannot be decompressed (%s). Decompress it first, or compress it with gzip."
              .formatted(path, e.getMessage()),
          e);
    } finally {
      CodecPool.returnDecompressor(decompressor);
    }
  }

  private static byte[] head(InputStream in, Wanted wanted) throws IOException {
    ByteArrayOutputStream head = new ByteArrayOutputStream();
    byte[] chunk = in.readNBytes(CHUNK);
    while (chunk.length > 0) {
      head.write(chunk);
      chunk =
          head.size() >= MOST_BYTES || wanted.isEnough(head.toByteArray())
              ? new byte[0]
              : in.readNBytes(CHUNK);
    }
    return head.toByteArray();
  }
}
