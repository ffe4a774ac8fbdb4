package swarmformer.tokens;

import ai.djl.util.ClassLoaderUtils;
import ai.djl.util.Platform;
import ai.djl.util.Utils;
import java.io.IOException;
import java.net.URL;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import swarmformer.cache.PackedFile;
import swarmformer.cache.UnpackedFiles;
import swarmformer.errors.DeviceException;

/**
 * The native library of {@link ReferenceTokenizer}.
 *
 * <p>DJL would unpack it itself into the directory of PyTorch's libraries, which other processes
 * share and which holds those alone. So it is laid out beforehand where DJL looks first.
 */
final class ReferenceLibrary {
  /** Where DJL looks first; a user may have set it. */
  private static final String LIBRARY_PATH = "RUST_LIBRARY_PATH";

  private ReferenceLibrary() {}

  /**
   * Unpacks the library and lets DJL find it, unless RUST_LIBRARY_PATH names one.
   *
   * @param environment tells the user's cache directory
   * @throws DeviceException if it is not in the jars, or no directory takes it
   */
  static synchronized void unpack(Map<String, String> environment) {
    String given = Utils.getEnvOrSystemProperty(LIBRARY_PATH);
    if (given == null) {
      String library = System.mapLibraryName("tokenizers");
      try {
        Path folder = new UnpackedFiles(List.of(packed(library))).forUser(environment);
        System.setProperty(LIBRARY_PATH, folder.resolve(library).toString());
      } catch (IOException e) {
        throw new DeviceException(
            "Cannot unpack the reference tokenizer: %s. Set SWARMFORMER_CACHE to a directory that this user can write, or use --tokenizer fast."
                .formatted(e.getMessage()),
            e);
      }
    }
  }

  private static PackedFile packed(String library) throws IOException {
    String classifier = Platform.detectPlatform("tokenizers").getClassifier();
    String resource = "native/lib/%s/cpu/%s".formatted(classifier, library);
    URL source = ClassLoaderUtils.getResource(resource);
    if (source == null) {
      throw new IOException(resource + " is not on the class path");
    }
    return PackedFile.of(Path.of(library), source);
  }
}
