package swarmformer.data;

import java.io.IOException;
import java.net.URI;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.permission.FsPermission;
import org.apache.hadoop.security.AccessControlException;

/** A disk on which nobody may make a directory. */
public final class ForbiddenDisk extends ObjectStore {
  /** What the addresses of its files begin with. */
  public static final String SCHEME = "forbidden";

  @Override
  public URI getUri() {
    return URI.create(SCHEME + ":///");
  }

  @Override
  public boolean mkdirs(Path folder) throws IOException {
    throw new AccessControlException("nobody may write to " + folder);
  }

  @Override
  public boolean mkdirs(Path folder, FsPermission permission) throws IOException {
    return mkdirs(folder);
  }
}
