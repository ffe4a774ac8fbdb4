import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * Writes the Python package as a wheel, which is a zip file: its modules, the cluster jar, and the
 * script and the settings that the jobs are started with.
 *
 * <p>{@code java Wheel.java HOME VERSION}, where HOME is the root of the repository.
 */
final class Wheel {
  /** Archives with the same content are the same bytes. */
  private static final LocalDateTime MODIFIED = LocalDateTime.of(2026, 11, 1, 0, 0);

  private final ZipOutputStream zip;
  private final StringBuilder record = new StringBuilder();

  private Wheel(ZipOutputStream zip) {
    this.zip = zip;
  }

  public static void main(String[] arguments) throws IOException {
    Path home = Path.of(arguments[0]);
    String version = arguments[1];
    Path python = home.resolve("python");
    String files = Files.readString(python.resolve("swarmformer/_files.py"));
    if (!files.contains("\nVERSION = \"%s\"\n".formatted(version))) {
      throw new IllegalStateException(
          "python/swarmformer/_files.py has another VERSION than the pom.xml: %s"
              .formatted(version));
    }
    Path wheel = home.resolve("target/swarmformer-%s-py3-none-any.whl".formatted(version));
    String about = "swarmformer-%s.dist-info/".formatted(version);
    try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(wheel))) {
      Wheel writer = new Wheel(zip);
      writer.addFolder("swarmformer/", python.resolve("swarmformer"));
      writer.addFolder("swarmformer/conf/", home.resolve("conf"));
      writer.add("swarmformer/jobs/submit.sh", home.resolve("jobs/submit.sh"));
      String jar = "swarmformer-spark-%s.jar".formatted(version);
      writer.add("swarmformer/jars/" + jar, home.resolve("target").resolve(jar));
      for (String file : List.of("LICENSE", "NOTICE")) {
        writer.add(about + "licenses/" + file, home.resolve(file));
      }
      String metadata = Files.readString(python.resolve("METADATA"));
      writer.add(about + "METADATA", metadata.replace("@version@", version));
      writer.add(
          about + "WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n");
      writer.addRecord(about + "RECORD");
    }
  }

  private void addFolder(String name, Path folder) throws IOException {
    List<Path> files = new ArrayList<>();
    try (Stream<Path> found = Files.list(folder)) {
      found.filter(Files::isRegularFile).sorted().forEach(files::add);
    }
    for (Path file : files) {
      add(name + file.getFileName(), file);
    }
  }

  private void add(String name, Path file) throws IOException {
    add(name, Files.readAllBytes(file));
  }

  private void add(String name, String text) throws IOException {
    add(name, text.getBytes(StandardCharsets.UTF_8));
  }

  private void add(String name, byte[] content) throws IOException {
    String hash = Base64.getUrlEncoder().withoutPadding().encodeToString(sha256(content));
    record.append("%s,sha256=%s,%d\n".formatted(name, hash, content.length));
    write(name, content);
  }

  /** Lists all files, and itself without a hash. */
  private void addRecord(String name) throws IOException {
    write(name, (record + name + ",,\n").getBytes(StandardCharsets.UTF_8));
  }

  private void write(String name, byte[] content) throws IOException {
    ZipEntry entry = new ZipEntry(name);
    entry.setTimeLocal(MODIFIED);
    if (name.endsWith(".jar")) { // is compressed
      CRC32 checksum = new CRC32();
      checksum.update(content);
      entry.setMethod(ZipEntry.STORED);
      entry.setSize(content.length);
      entry.setCrc(checksum.getValue());
    }
    zip.putNextEntry(entry);
    zip.write(content);
    zip.closeEntry();
  }

  private static byte[] sha256(byte[] content) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(content);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // every Java has it
    }
  }
}
