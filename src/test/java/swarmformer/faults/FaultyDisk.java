package swarmformer.faults;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.LocalFileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.permission.FsPermission;
import org.apache.hadoop.util.Progressable;

/**
 * The local disk, on which a {@link Fault} happens. It takes the place of Hadoop's in every process
 * of a job by {@code spark.hadoop.fs.file.impl}.
 */
public final class FaultyDisk extends LocalFileSystem {
  @Override
  public FSDataInputStream open(Path file, int bufferSize) throws IOException {
    FSDataInputStream disk = super.open(file, bufferSize);
    return file.getName().startsWith("texts-")
        ? new FSDataInputStream(
            new FaultyInput(disk, file, getFileStatus(file).getLen(), getConf()))
        : disk;
  }

  @Override
  public FSDataOutputStream create(
      Path file,
      FsPermission permission,
      boolean overwrite,
      int bufferSize,
      short replication,
      long blockSize,
      Progressable progress)
      throws IOException {
    return watched(
        file,
        super.create(file, permission, overwrite, bufferSize, replication, blockSize, progress));
  }

  private FSDataOutputStream watched(Path file, OutputStream disk) throws IOException {
    return new FSDataOutputStream(
        new FilterOutputStream(disk) {
          @Override
          public void write(byte[] bytes, int offset, int length) throws IOException {
            strike(Fault.Moment.BEFORE_WRITE, file);
            out.write(bytes, offset, length);
          }

          @Override
          public void close() throws IOException {
            super.close();
            strike(Fault.Moment.WRITTEN, file);
          }
        },
        null);
  }

  @Override
  public boolean rename(Path from, Path to) throws IOException {
    strike(Fault.Moment.BEFORE_RENAME, from);
    boolean renamed = super.rename(from, to);
    strike(Fault.Moment.AFTER_RENAME, from);
    return renamed;
  }

  @Override
  public boolean mkdirs(Path folder) throws IOException {
    boolean made = super.mkdirs(folder);
    strike(Fault.Moment.FOLDER_MADE, folder);
    return made;
  }

  @Override
  public boolean delete(Path file, boolean recursive) throws IOException {
    strike(Fault.Moment.BEFORE_DELETE, file);
    return super.delete(file, recursive);
  }

  private void strike(Fault.Moment moment, Path file) throws IOException {
    Fault.strike(getConf(), moment, file.toUri().getPath(), 0);
  }
}
