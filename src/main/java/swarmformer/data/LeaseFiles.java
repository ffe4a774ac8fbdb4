package swarmformer.data;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Paths;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Options.CreateFileOptionKeys;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.viewfs.ViewFileSystem;
import org.apache.hadoop.ipc.RemoteException;

/**
 * A directory of small files that several processes create, write and remove at once.
 *
 * <p>What leases need of a storage is one thing: of processes that create the same file at once
 * exactly one succeeds. Local disks give it with {@code O_EXCL}, HDFS and the stores of Azure and
 * Google with {@code overwrite=false}, and S3 with {@code If-None-Match}, which Hadoop 3.4.2 and
 * later can send.
 */
final class LeaseFiles {
  /** Where Hadoop's {@code create} with {@code overwrite=false} is one step of the storage. */
  private static final Set<String> EXCLUSIVE_CREATE =
      Set.of("hdfs", "webhdfs", "swebhdfs", "ofs", "o3fs", "abfs", "abfss", "gs");

  /** Others that begin or end at this moment remove the directory when it is empty. */
  private static final int ATTEMPTS = 100;

  private static final long PAUSE_MS = 10;

  private final FileSystem files;
  private final Path directory;
  private final boolean local;
  private final boolean conditional;
  private final boolean exclusive;

  LeaseFiles(Configuration hadoop, Path directory) throws IOException {
    this.files = directory.getFileSystem(hadoop);
    this.directory = files.makeQualified(directory);
    this.local = files.getUri().getScheme().equals("file");
    this.conditional =
        !(files instanceof ViewFileSystem) // which takes no condition
            && files.hasPathCapability(
                this.directory, CreateFileOptionKeys.FS_OPTION_CREATE_CONDITIONAL_OVERWRITE);
    this.exclusive =
        local || conditional || EXCLUSIVE_CREATE.contains(Folders.scheme(files, this.directory));
  }

  /** Whether {@link #create} succeeds for exactly one of several processes. */
  boolean isExclusive() {
    return exclusive;
  }

  Path path(String name) {
    return new Path(directory, name);
  }

  /**
   * Creates a file.
   *
   * @return whether this call did; false if the file was there, or another process was faster
   */
  boolean create(String name, byte[] content) throws IOException {
    for (int attempt = 1; ; attempt++) {
      try {
        files.mkdirs(directory);
        if (local) {
          createLocally(name, content);
        } else {
          createRemotely(path(name), content);
        }
        return true;
      } catch (FileAlreadyExistsException | org.apache.hadoop.fs.FileAlreadyExistsException e) {
        return false;
      } catch (IOException e) {
        if (isBeingCreated(e)) {
          return false;
        }
        if (isRefusal(e)) {
          return isOurs(name, content); // the answer to an earlier attempt may have been lost
        }
        if (!isRemoved(e) || attempt == ATTEMPTS) {
          throw e;
        }
      }
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(PAUSE_MS));
    }
  }

  /** Hadoop's own would look first and create then. */
  private void createLocally(String name, byte[] content) throws IOException {
    Files.write(
        Paths.get(path(name).toUri()),
        content,
        StandardOpenOption.CREATE_NEW,
        StandardOpenOption.WRITE);
  }

  private void createRemotely(Path file, byte[] content) throws IOException {
    var builder = files.createFile(file).overwrite(false).recursive();
    if (conditional) {
      builder.must(CreateFileOptionKeys.FS_OPTION_CREATE_CONDITIONAL_OVERWRITE, true);
    }
    try (OutputStream out = builder.build()) {
      out.write(content);
    }
  }

  /** HDFS says so of a file that another process has created and not closed yet. */
  private static boolean isBeingCreated(IOException e) {
    String name =
        e instanceof RemoteException remote ? remote.getClassName() : e.getClass().getName();
    return name.endsWith(".AlreadyBeingCreatedException");
  }

  /** S3A says it with an exception of its own, of a jar that need not be there. */
  private static boolean isRefusal(IOException e) {
    return e.getClass().getSimpleName().equals("RemoteFileChangedException");
  }

  private static boolean isRemoved(IOException e) {
    return e instanceof NoSuchFileException || e instanceof FileNotFoundException;
  }

  private boolean isOurs(String name, byte[] content) throws IOException {
    return Arrays.equals(content, read(name));
  }

  /** Writes a file, whether it is there or not. */
  void write(String name, byte[] content) throws IOException {
    if (local) {
      Files.write(Paths.get(path(name).toUri()), content);
    } else {
      try (OutputStream out = files.create(path(name), true)) {
        out.write(content);
      }
    }
  }

  /** The content of a file; no bytes if it is not there. */
  byte[] read(String name) throws IOException {
    try (var in = files.open(path(name))) {
      return in.readAllBytes();
    } catch (FileNotFoundException e) {
      return new byte[0];
    }
  }

  /** When a file was last written, by the clock of the storage, in milliseconds since 1970. */
  long modified(String name) throws IOException {
    return files.getFileStatus(path(name)).getModificationTime();
  }

  /** The clock of the storage, in milliseconds since 1970. */
  long now(String probe) throws IOException {
    try {
      write(probe, new byte[0]);
      return modified(probe);
    } finally {
      delete(probe);
    }
  }

  /** Names of files and directories; none if there is no directory. */
  List<String> names() throws IOException {
    for (int attempt = 1; ; attempt++) {
      try {
        return Arrays.stream(files.listStatus(directory))
            .map(FileStatus::getPath)
            .map(Path::getName)
            .toList();
      } catch (FileNotFoundException e) {
        return List.of();
      } catch (IOException e) {
        // Hadoop's local file system reports a directory that is removed while it is listed as
        // one that may not be read.
        if (attempt == ATTEMPTS) {
          throw e;
        }
      }
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(PAUSE_MS));
    }
  }

  /** Removes a file or a directory, if it is there. */
  void delete(String name) throws IOException {
    files.delete(path(name), true);
  }

  /** Removes the directory, if nothing is in it. */
  void removeIfEmpty() throws IOException {
    if (names().isEmpty()) {
      try {
        Folders.removeEmpty(files, directory);
      } catch (IOException e) {
        if (names().isEmpty()) {
          throw e;
        }
      }
    }
  }
}
