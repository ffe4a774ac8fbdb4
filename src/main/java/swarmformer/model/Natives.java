package swarmformer.model;

import ai.djl.util.ClassLoaderUtils;
import ai.djl.util.Platform;
import ai.djl.util.Utils;
import java.io.File;
import java.io.IOException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import swarmformer.cache.PackedFile;
import swarmformer.cache.UnpackedFiles;
import swarmformer.errors.DeviceException;

/**
 * The libraries that DJL loads: libtorch, and the bridge to it from Java.
 *
 * <p>DJL would unpack them itself, unchecked, to a directory that anyone can foresee. So they are
 * laid out beforehand where it looks first.
 *
 * @param engine version of DJL
 * @param version of libtorch
 * @param flavor {@code cpu}, or {@code cu} and the version of CUDA
 * @param classifier operating system and processor
 * @param libraries names of libtorch's files on the class path; empty if libtorch lies in
 *     PYTORCH_LIBRARY_PATH
 */
record Natives(
    String engine, String version, String flavor, String classifier, List<String> libraries) {
  static final String LIBRARY_PATH = "PYTORCH_LIBRARY_PATH";

  private static final String FLAVOR = "PYTORCH_FLAVOR";

  /** The one CUDA that DJL's bridge to this libtorch was built for. */
  private static final String CUDA_FLAVOR = "cu128";

  /**
   * Finds what this JVM is to load.
   *
   * @throws DeviceException if there is no libtorch
   */
  static Natives find() {
    Platform platform = Platform.detectPlatform("pytorch");
    Optional<Path> given = libraryPath();
    if (given.isEmpty() && platform.isPlaceholder()) {
      throw new DeviceException(
          "Cannot load PyTorch: its natives are not on the class path. Add them to the job (--jars swarmformer-spark-*-natives-cpu.jar, which the build makes), or set "
              + LIBRARY_PATH
              + " to the lib directory of libtorch "
              + platform.getVersion()
              + ".");
    }
    return new Natives(
        platform.getApiVersion(),
        setting("PYTORCH_VERSION").filter(v -> given.isPresent()).orElse(platform.getVersion()),
        given.map(Natives::flavor).orElse(platform.getFlavor()),
        platform.getClassifier(),
        given.isPresent() ? List.of() : List.of(platform.getLibraries()));
  }

  /**
   * Lays the files out and lets DJL find them.
   *
   * @param environment tells the user's cache directory
   * @return the directory
   * @throws DeviceException if no place takes them
   */
  Path unpack(Map<String, String> environment) {
    if (environment.containsKey("ENGINE_CACHE_DIR")) {
      throw new DeviceException(
          "Cannot load PyTorch: ENGINE_CACHE_DIR is set, which makes DJL load natives that nobody has checked. Unset it; SWARMFORMER_CACHE says where they go.");
    }
    Path folder = unpacked(environment);
    System.setProperty("ENGINE_CACHE_DIR", folder.toString());
    if (libraries.isEmpty()) {
      System.setProperty(FLAVOR, flavor);
    }
    return folder;
  }

  private Path unpacked(Map<String, String> environment) {
    try {
      return new UnpackedFiles(packed()).forUser(environment);
    } catch (IOException e) {
      throw new DeviceException(
          "Cannot unpack PyTorch: %s. Set SWARMFORMER_CACHE to a directory that this user can write, with 500 MB free."
              .formatted(e.getMessage()),
          e);
    }
  }

  private List<PackedFile> packed() {
    Path folder = Path.of("pytorch", version + '-' + flavor + '-' + classifier);
    String bridge = System.mapLibraryName("djl_torch");
    List<PackedFile> files = new ArrayList<>();
    for (String library : libraries) {
      files.add(packed("pytorch/%s/%s/%s".formatted(flavor, classifier, library), folder, library));
    }
    files.add(
        packed(
            "jnilib/%s/%s/%s".formatted(classifier, flavor, bridge),
            folder,
            engine + '-' + bridge));
    return files;
  }

  private static PackedFile packed(String resource, Path folder, String name) {
    try {
      URL source = ClassLoaderUtils.getResource(resource);
      if (source == null) {
        throw new IOException(resource + " is not on the class path");
      }
      return PackedFile.of(folder.resolve(name), source);
    } catch (IOException e) {
      throw new DeviceException(
          "Cannot load PyTorch: %s. Add all jars of this project, and set %s, if at all, to cpu or %s."
              .formatted(e.getMessage(), FLAVOR, CUDA_FLAVOR),
          e);
    }
  }

  /** The directory of a libtorch that was laid out on the machine. */
  private static Optional<Path> libraryPath() {
    String library = System.mapLibraryName("torch");
    return setting(LIBRARY_PATH)
        .map(
            path ->
                Stream.of(path.split(File.pathSeparator))
                    .map(Path::of)
                    .filter(folder -> Files.isRegularFile(folder.resolve(library)))
                    .findFirst()
                    .orElseThrow(
                        () ->
                            new DeviceException(
                                "Cannot load PyTorch: there is no %s in %s, which %s names. Correct it, or unset it and add the CPU natives."
                                    .formatted(library, path, LIBRARY_PATH))));
  }

  private static String flavor(Path libraries) {
    boolean cuda = Files.exists(libraries.resolve(System.mapLibraryName("torch_cuda")));
    return setting(FLAVOR).orElse(cuda ? CUDA_FLAVOR : "cpu");
  }

  /** As DJL reads its settings. */
  private static Optional<String> setting(String name) {
    return Optional.ofNullable(Utils.getEnvOrSystemProperty(name)).filter(v -> !v.isBlank());
  }
}
