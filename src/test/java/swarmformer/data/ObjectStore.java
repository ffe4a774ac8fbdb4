package swarmformer.data;

import java.io.IOException;
import java.net.URI;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;

/** A disk that behaves as an object store: files can be renamed, folders cannot. */
public final class ObjectStore extends RawLocalFileSystem {
  /** What the addresses of its files begin with. */
  public static final String SCHEME = "store";

  @Override
  public URI getUri() {
    return URI.create(SCHEME + ":///");
  }

  @Override
  public boolean rename(Path from, Path to) throws IOException {
    if (getFileStatus(from).isDirectory() && !from.toString().contains("_temporary")) {
      throw new IOException("this store cannot rename the folder " + from);
    }
    return super.rename(from, to);
  }
}
