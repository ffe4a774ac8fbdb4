package swarmformer.faults;

import java.io.IOException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FSInputStream;
import org.apache.hadoop.fs.Path;

/** Texts, read in small pieces, so that a fault can happen at any of them. */
final class FaultyInput extends FSInputStream {
  private static final int PIECE_BYTES = 256;

  private final FSDataInputStream disk;
  private final Path file;
  private final long length;
  private final Configuration settings;

  FaultyInput(FSDataInputStream disk, Path file, long length, Configuration settings) {
    this.disk = disk;
    this.file = file;
    this.length = length;
    this.settings = settings;
  }

  @Override
  public int read(byte[] bytes, int offset, int wanted) throws IOException {
    int read = disk.read(bytes, offset, Math.min(wanted, PIECE_BYTES));
    if (isScoring()) {
      int percent = (int) (100 * disk.getPos() / length);
      Fault.strike(settings, Fault.Moment.READING, file.getName(), percent);
    }
    return read;
  }

  @Override
  public int read() throws IOException {
    return disk.read();
  }

  /**
   * Texts are also read to infer columns, and to count them. Those to be scored may be dealt out
   * before.
   */
  private static boolean isScoring() {
    return StackWalker.getInstance()
        .walk(
            frames ->
                frames.anyMatch(
                    f ->
                        f.getClassName()
                            .matches(".*\\.(ShuffleMapTask|scoring\\.PartitionScorer)")));
  }

  @Override
  public void seek(long position) throws IOException {
    disk.seek(position);
  }

  @Override
  public long getPos() throws IOException {
    return disk.getPos();
  }

  @Override
  public boolean seekToNewSource(long position) throws IOException {
    return disk.seekToNewSource(position);
  }

  @Override
  public void close() throws IOException {
    disk.close();
  }
}
