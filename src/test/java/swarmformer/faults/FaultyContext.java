package swarmformer.faults;

import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.DelegateToFileSystem;
import org.apache.hadoop.fs.FsConstants;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;

/**
 * The local disk as Hadoop's {@code FileContext} sees it, which renames in one step. A {@link
 * Fault} happens on it where it takes the place of Hadoop's by {@code
 * spark.hadoop.fs.AbstractFileSystem.file.impl}.
 */
public final class FaultyContext extends DelegateToFileSystem {
  private final Configuration settings;

  /** As Hadoop makes one. */
  public FaultyContext(URI uri, Configuration settings) throws IOException, URISyntaxException {
    super(uri, new RawLocalFileSystem(), settings, FsConstants.LOCAL_FS_URI.getScheme(), false);
    this.settings = settings;
  }

  @Override
  public int getUriDefaultPort() {
    return -1;
  }

  @Override
  public void renameInternal(Path from, Path to) throws IOException {
    strike(Fault.Moment.BEFORE_RENAME, from);
    super.renameInternal(from, to);
    strike(Fault.Moment.AFTER_RENAME, from);
  }

  private void strike(Fault.Moment moment, Path file) throws IOException {
    Fault.strike(settings, moment, file.toUri().getPath(), 0);
  }
}
