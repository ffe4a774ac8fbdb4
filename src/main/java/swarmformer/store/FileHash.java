package swarmformer.store;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import org.apache.commons.codec.digest.DigestUtils;
import org.apache.hadoop.fs.ChecksumFileSystem;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.Function;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.util.SerializableConfiguration;

/** Reads whole files on the executors for their SHA-256. */
final class FileHash implements Function<String, String> {
  private static final long serialVersionUID = 1L;

  private final Broadcast<SerializableConfiguration> hadoop;

  private FileHash(Broadcast<SerializableConfiguration> hadoop) {
    this.hadoop = hadoop;
  }

  /** The SHA-256 of each file in hexadecimal, in the same order. */
  static List<String> of(SparkSession spark, List<FileStatus> files) {
    if (files.isEmpty()) {
      return List.of();
    }
    JavaSparkContext context = JavaSparkContext.fromSparkContext(spark.sparkContext());
    SerializableConfiguration hadoop =
        new SerializableConfiguration(spark.sparkContext().hadoopConfiguration());
    return context
        .parallelize(files.stream().map(file -> file.getPath().toString()).toList(), files.size())
        .map(new FileHash(context.broadcast(hadoop)))
        .collect();
  }

  /** Past the checksums that Hadoop keeps on local disks: it moves files away that differ. */
  @Override
  public String call(String file) throws IOException {
    Path path = new Path(file);
    FileSystem files = path.getFileSystem(hadoop.value().value());
    FileSystem bytes = files instanceof ChecksumFileSystem own ? own.getRawFileSystem() : files;
    try (InputStream content = bytes.open(path)) {
      return DigestUtils.sha256Hex(content);
    }
  }
}
