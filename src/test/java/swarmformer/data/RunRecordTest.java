package swarmformer.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.PathIOException;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class RunRecordTest {
  private static final RunRecord RECORD = new RunRecord("r", "app", "token", null);

  @TempDir private java.nio.file.Path folder;

  /** As S3A does where an object is replaced between its status and its content. */
  private static final class Changing extends RawLocalFileSystem {
    private int changes;

    Changing(int changes) throws IOException {
      this.changes = changes;
      initialize(URI.create("file:///"), new Configuration());
    }

    @Override
    public FSDataInputStream open(Path path, int bufferSize) throws IOException {
      if (changes-- > 0) {
        throw new PathIOException(path.toString(), "it has changed");
      }
      return super.open(path, bufferSize);
    }
  }

  @Test
  void readsAgainWhatIsReplacedMeanwhile() throws IOException {
    Files.write(folder.resolve(RunRecord.FILE), RECORD.toJson());
    assertThat(RunRecord.read(new Changing(2), new Path(folder.toUri()))).contains(RECORD);
  }

  @Test
  void givesUpWhereReadingFailsEachTime() throws IOException {
    Files.write(folder.resolve(RunRecord.FILE), RECORD.toJson());
    Changing files = new Changing(3);
    assertThatThrownBy(() -> RunRecord.read(files, new Path(folder.toUri())))
        .isInstanceOf(PathIOException.class);
  }
}
