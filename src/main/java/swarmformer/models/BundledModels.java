package swarmformer.models;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The models in the jar: each directory under {@code models/} of the project is one. */
final class BundledModels {
  private static final String FOLDER = "/swarmformer/models";

  private BundledModels() {}

  /** Names of the bundled models, sorted. */
  static List<String> names() throws IOException {
    Path code = code();
    if (Files.isDirectory(code)) {
      return folders(code.resolve(FOLDER.substring(1)));
    }
    try (FileSystem jar = FileSystems.newFileSystem(code, Map.of())) {
      return folders(jar.getPath(FOLDER));
    }
  }

  /** Content of a file of a bundled model. */
  static byte[] file(String model, String file) throws IOException {
    String name = FOLDER + "/" + model + "/" + file;
    try (InputStream content = BundledModels.class.getResourceAsStream(name)) {
      if (content == null) {
        throw new FileNotFoundException("the jar has no " + name);
      }
      return content.readAllBytes();
    }
  }

  private static Path code() throws IOException {
    try {
      URI location =
          BundledModels.class.getProtectionDomain().getCodeSource().getLocation().toURI();
      return Path.of(location);
    } catch (URISyntaxException e) {
      throw new IOException("the jar's location is no URI", e);
    }
  }

  private static List<String> folders(Path parent) throws IOException {
    if (!Files.isDirectory(parent)) {
      return List.of();
    }
    try (Stream<Path> children = Files.list(parent)) {
      return children
          .filter(Files::isDirectory)
          .map(child -> child.getFileName().toString().replace("/", ""))
          .sorted()
          .toList();
    }
  }
}
