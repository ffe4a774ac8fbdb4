package swarmformer.data;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Paths;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FSDataOutputStreamBuilder;
import org.apache.hadoop.fs.Options.CreateFileOptionKeys;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;

/**
 * A disk that behaves as an object store with conditional writes: files can be created only if they
 * are absent, directories cannot be renamed. What has "busy" in its name cannot be deleted.
 */
public class ObjectStore extends RawLocalFileSystem {
  /** What the addresses of its files begin with. */
  public static final String SCHEME = "store";

  @Override
  public URI getUri() {
    return URI.create(SCHEME + ":///");
  }

  @Override
  public boolean hasPathCapability(Path path, String capability) throws IOException {
    return capability.equals(CreateFileOptionKeys.FS_OPTION_CREATE_CONDITIONAL_OVERWRITE)
        || super.hasPathCapability(path, capability);
  }

  @Override
  @SuppressWarnings("rawtypes") // as Hadoop declares it
  public FSDataOutputStreamBuilder createFile(Path file) {
    return new Conditional(this, file).create().overwrite(true);
  }

  private static final class Conditional
      extends FSDataOutputStreamBuilder<FSDataOutputStream, Conditional> {
    private final ObjectStore store;

    Conditional(ObjectStore store, Path file) {
      super(store, file);
      this.store = store;
    }

    @Override
    public FSDataOutputStream build() throws IOException {
      if (getOptions()
          .getBoolean(CreateFileOptionKeys.FS_OPTION_CREATE_CONDITIONAL_OVERWRITE, false)) {
        Files.createFile(Paths.get(getPath().toUri().getPath()));
      }
      return store.create(getPath(), true);
    }

    @Override
    public Conditional getThisBuilder() {
      return this;
    }
  }

  @Override
  public boolean delete(Path path, boolean recursive) throws IOException {
    if (path.getName().contains("busy")) {
      throw new IOException("503: this store cannot delete " + path);
    }
    return super.delete(path, recursive);
  }

  @Override
  public boolean rename(Path from, Path to) throws IOException {
    if (getFileStatus(from).isDirectory() && !from.toString().contains("_temporary")) {
      throw new IOException("this store cannot rename the directory " + from);
    }
    return super.rename(from, to);
  }
}
