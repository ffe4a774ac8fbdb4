package swarmformer.nightly;

import java.io.IOException;
import java.net.URI;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.commons.codec.digest.DigestUtils;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import swarmformer.store.Manifest;

/** Which files an input is made of. */
final class Inputs {
  /** More are in the listing's hash and sums alone. */
  private static final int MOST_FILES_NAMED = 100;

  private Inputs() {}

  /** Lists the files that Spark would read, in order. */
  static Manifest.Input list(String name, Dataset<Row> rows, Configuration hadoop)
      throws IOException {
    List<Manifest.InputFile> files = new ArrayList<>();
    for (String file : Arrays.stream(rows.inputFiles()).sorted().toList()) {
      Path path = new Path(URI.create(file));
      FileStatus status = path.getFileSystem(hadoop).getFileStatus(path);
      String modified = Instant.ofEpochMilli(status.getModificationTime()).toString();
      files.add(new Manifest.InputFile(path.toString(), status.getLen(), modified));
    }
    return new Manifest.Input(
        name,
        DigestUtils.sha256Hex(
            files.stream().map(Object::toString).collect(Collectors.joining("\n"))),
        files.stream().mapToLong(Manifest.InputFile::bytes).sum(),
        files.size(),
        files.stream().limit(MOST_FILES_NAMED).toList());
  }
}
