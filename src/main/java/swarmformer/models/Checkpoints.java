package swarmformer.models;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import swarmformer.checkpoint.ModelException;
import swarmformer.checkpoint.ModelFiles;
import swarmformer.checkpoint.SwarmFormerConfig;

/** The files of a checkpoint, wherever its name says: read, or written for the first time. */
public final class Checkpoints {
  private static final String CONFIG = "config.json";

  /** The file of a model's directory that has its weights. */
  public static final String WEIGHTS = "model.safetensors";

  /** A scheme of two letters or more: one letter is a drive. Hadoop prints {@code file:/folder}. */
  private static final Pattern URI = Pattern.compile("[A-Za-z][A-Za-z0-9+.-]+:/.*");

  private static final Pattern HUB_NAME =
      Pattern.compile("(?<name>(?<owner>[\\w.-]+)/[\\w.-]+)(?:@(?<revision>.+))?");

  /** Nobody's name on the hub, which has a page there, and a likely directory. */
  private static final String RESERVED = "models";

  /** The model of who names none. */
  public static final String DEFAULT_MODEL = "small-imdb";

  private final Configuration hadoop;
  private final Map<String, String> environment;

  /**
   * A finder.
   *
   * @param hadoop tells the file systems
   * @param environment {@link System#getenv()}, for the hub
   */
  public Checkpoints(Configuration hadoop, Map<String, String> environment) {
    this.hadoop = hadoop;
    this.environment = Map.copyOf(environment);
  }

  /**
   * Reads a checkpoint, without parsing it.
   *
   * @param reference the name of a bundled model, a directory, a URI of a directory, or {@code
   *     org/name[@revision]} on a hub, tried in this order
   * @throws ModelException if there is none
   */
  public ModelFiles read(String reference) {
    try {
      if (isBundled(reference)) {
        return ModelFiles.of(
            reference,
            BundledModels.file(reference, CONFIG),
            BundledModels.file(reference, WEIGHTS));
      }
      if (isUri(reference)) {
        return readFolder(new Path(reference), reference);
      }
      return Files.isDirectory(java.nio.file.Path.of(reference))
          ? readFolder(new Path(java.nio.file.Path.of(reference).toUri()), reference)
          : readHub(reference);
    } catch (ModelException e) {
      throw e;
    } catch (IOException | RuntimeException e) { // of a file system whose jar is not there
      throw new ModelException(
          "Cannot read model %s: %s. Check --model.".formatted(reference, e.getMessage()), e);
    }
  }

  /** Whether a name is that of a model in the jar. */
  public static boolean isBundled(String name) throws IOException {
    return BundledModels.names().contains(name);
  }

  /** Whether a name is a URI, such as Hadoop's file systems have. */
  public static boolean isUri(String name) {
    return URI.matcher(name).matches();
  }

  /**
   * Writes a checkpoint into a directory of a Hadoop file system, over one that is there.
   *
   * @throws ModelException if that fails
   */
  public void write(ModelFiles model, String folder) {
    try {
      FileSystem files = new Path(folder).getFileSystem(hadoop);
      write(files, new Path(folder, CONFIG), model.config());
      write(files, new Path(folder, WEIGHTS), model.weights());
    } catch (IOException e) {
      throw new ModelException(
          "Cannot write model %s to %s: %s.".formatted(model.name(), folder, e.getMessage()), e);
    }
  }

  private static void write(FileSystem files, Path file, byte[] content) throws IOException {
    try (OutputStream out = files.create(file)) {
      out.write(content);
    }
  }

  private ModelFiles readFolder(Path folder, String name) throws IOException {
    FileSystem files = folder.getFileSystem(hadoop);
    return ModelFiles.of(
        name,
        read(files, new Path(folder, CONFIG), name),
        read(files, new Path(folder, WEIGHTS), name));
  }

  private static byte[] read(FileSystem files, Path file, String name) throws IOException {
    if (!files.exists(file)) {
      throw new ModelException(
          "Cannot read model %s: there is no %s in it. A model is a directory with %s and %s."
              .formatted(name, file.getName(), CONFIG, WEIGHTS));
    }
    FileStatus status = files.getFileStatus(file);
    if (status.getLen() > Integer.MAX_VALUE - 8) {
      throw new ModelException(
          String.format(
              Locale.ROOT,
              "Cannot read model %s: %s has %,d bytes, at most 2 GiB are read.",
              name,
              file.getName(),
              status.getLen()));
    }
    try (InputStream content = files.open(file)) {
      return content.readAllBytes();
    }
  }

  private ModelFiles readHub(String reference) throws IOException {
    Matcher matcher = HUB_NAME.matcher(reference);
    if (!matcher.matches()) {
      throw new ModelException(
          "Cannot find model '%s': it is neither a bundled model (%s), nor a directory, nor a name on the hub such as org/name. Check --model."
              .formatted(reference, String.join(", ", BundledModels.names())));
    }
    String name = matcher.group("name");
    Optional<String> revision = Optional.ofNullable(matcher.group("revision"));
    String owner = matcher.group("owner");
    if (revision.isEmpty()
        && (owner.equals(RESERVED) || Files.isDirectory(java.nio.file.Path.of(owner)))) {
      throw new ModelException(
          "Cannot find model '%s': there is no such directory. Check --model. For a name on the hub add its revision, as in %s@main."
              .formatted(reference, reference));
    }
    HubFiles found = fetch(name, revision.orElse(HubClient.DEFAULT_REVISION));
    byte[] config =
        found.config().isPresent() ? Files.readAllBytes(found.config().get()) : builtIn(name);
    return ModelFiles.of(name + "@" + found.commit(), config, Files.readAllBytes(found.weights()));
  }

  private HubFiles fetch(String name, String revision) {
    try {
      return new HubClient(environment).fetch(name, revision);
    } catch (ModelException e) {
      throw new ModelException(
          "There is no directory %s, so it was looked up on the hub. %s"
              .formatted(name, e.getMessage()),
          e);
    }
  }

  private static byte[] builtIn(String name) {
    return SwarmFormerConfig.published(name)
        .map(SwarmFormerConfig::toJson)
        .orElseThrow(
            () ->
                new ModelException(
                    "Cannot use model %s: it has no %s, and its hyper-parameters are not known. Ask its owner to add the file."
                        .formatted(name, CONFIG)));
  }
}
