package swarmformer.store;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.StandardCopyOption;
import java.util.Optional;
import org.apache.hadoop.fs.ChecksumFileSystem;
import org.apache.hadoop.fs.FileContext;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Options;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;
import swarmformer.data.Failures;
import swarmformer.data.LocalDisk;
import swarmformer.data.Publication;
import swarmformer.errors.InputException;

/** The file in the directory of a night that says what it is made of. */
record ManifestFile(FileSystem files, Path night) {
  private static final String NAME = "_manifest.json";

  private Path path() {
    return new Path(night, NAME);
  }

  /**
   * Reads it; absent if there is none.
   *
   * @throws InputException if it is not a manifest
   */
  Optional<Manifest> read() {
    try (InputStream in = files.open(path())) {
      return Optional.of(Manifest.parse(new String(in.readAllBytes(), StandardCharsets.UTF_8)));
    } catch (FileNotFoundException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw Failures.ofReading(path().toString(), e);
    } catch (IllegalArgumentException e) {
      throw new InputException(
          "Cannot read %s: it is not a manifest (%s). Restore it, or score the night again with --overwrite."
              .formatted(path(), e.getMessage()),
          e);
    }
  }

  boolean exists() throws IOException {
    return files.exists(path());
  }

  void write(Manifest manifest) throws IOException {
    write(files, path(), manifest);
  }

  private static void write(FileSystem files, Path path, Manifest manifest) throws IOException {
    try (OutputStream out = files.create(path)) {
      out.write(Manifest.write(manifest).getBytes(StandardCharsets.UTF_8));
    }
  }

  /**
   * Replaces that of a night that is published, by one rename. It has no checksum beside it, as
   * Hadoop keeps for local files: two renames are not one step.
   */
  void replace(Publication publication, Manifest manifest) {
    Path staged = new Path(publication.folder(), NAME);
    FileSystem plain = files instanceof ChecksumFileSystem own ? own.getRawFileSystem() : files;
    try {
      write(plain, staged, manifest);
      if (plain instanceof RawLocalFileSystem local) {
        LocalDisk.force(local.pathToFile(staged).toPath());
      }
      publication.check();
      if (files instanceof ChecksumFileSystem own) {
        plain.delete(own.getChecksumFile(path()), false);
      }
      if (plain instanceof RawLocalFileSystem local) { // Hadoop's would delete the old one first
        Files.move(
            local.pathToFile(staged).toPath(),
            local.pathToFile(path()).toPath(),
            StandardCopyOption.ATOMIC_MOVE);
      } else {
        FileContext.getFileContext(path().toUri(), files.getConf())
            .rename(staged, path(), Options.Rename.OVERWRITE);
      }
    } catch (IOException e) {
      throw Failures.ofWriting(path().toString(), e);
    }
  }
}
