package swarmformer.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class UnpackedFilesTest {
  private static final Path FIRST = Path.of("deep/first.so");
  private static final Path SECOND = Path.of("deep/second.so");

  @TempDir Path folder;

  private Path root;
  private UnpackedFiles files;

  @BeforeEach
  void pack() throws IOException {
    root = folder.resolve("cache/natives");
    files = files("one", "two");
  }

  private UnpackedFiles files(String first, String second) throws IOException {
    Path archive = folder.resolve(first + second + ".jar");
    try (OutputStream file = Files.newOutputStream(archive);
        JarOutputStream jar = new JarOutputStream(file)) {
      jar.putNextEntry(new JarEntry("a"));
      jar.write(first.getBytes(StandardCharsets.UTF_8));
      jar.putNextEntry(new JarEntry("b"));
      jar.write(second.getBytes(StandardCharsets.UTF_8));
    }
    return new UnpackedFiles(
        List.of(
            PackedFile.of(FIRST, entry(archive, "a")), PackedFile.of(SECOND, entry(archive, "b"))));
  }

  private static URL entry(Path archive, String name) throws IOException {
    return URI.create("jar:" + archive.toUri() + "!/" + name).toURL();
  }

  @Test
  void unpacksToAFolderOfThisUserAlone() throws IOException {
    Path unpacked = files.in(root);
    assertThat(unpacked.resolve(FIRST)).hasContent("one");
    assertThat(unpacked.resolve(SECOND)).hasContent("two");
    assertThat(unpacked.getParent()).isEqualTo(root.toRealPath());
    assertThat(mode(root)).isEqualTo("rwx------");
    assertThat(mode(root.getParent())).isEqualTo("rwx------");
    assertThat(mode(unpacked)).isEqualTo("rwx------");
  }

  @Test
  void unpacksOnce() throws IOException {
    Object first = Files.getAttribute(files.in(root).resolve(FIRST), "unix:ino");
    assertThat(Files.getAttribute(files.in(root).resolve(FIRST), "unix:ino")).isEqualTo(first);
  }

  @Test
  void namesTheFolderByTheContent() throws IOException {
    Path unpacked = files.in(root);
    assertThat(unpacked.getFileName().toString()).matches("[0-9a-f]{32}");
    Path other = files("one", "2wo").in(root);
    assertThat(other).isNotEqualTo(unpacked);
    assertThat(unpacked.resolve(SECOND)).hasContent("two");
    assertThat(other.resolve(SECOND)).hasContent("2wo");
  }

  @Test
  void unpacksAgainWhatWasDamaged() throws IOException {
    Path unpacked = files.in(root);
    Files.writeString(unpacked.resolve(FIRST), "0ne");
    assertThat(files.in(root).resolve(FIRST)).hasContent("one");
  }

  @Test
  void unpacksAgainWhatWasCutShort() throws IOException {
    Path unpacked = files.in(root);
    Files.writeString(unpacked.resolve(FIRST), "");
    assertThat(files.in(root).resolve(FIRST)).hasContent("one");
  }

  @Test
  void unpacksAgainWhatWasRemoved() throws IOException {
    Path unpacked = files.in(root);
    Files.delete(unpacked.resolve(FIRST));
    assertThat(files.in(root).resolve(FIRST)).hasContent("one");
  }

  @Test
  void unpacksAgainBesideAFileThatWasAdded() throws IOException {
    Path added = files.in(root).resolve("deep/third.so");
    Files.writeString(added, "loaded with the others");
    files.in(root);
    assertThat(added).doesNotExist();
  }

  @Test
  void unpacksAgainWhatBecameALink() throws IOException {
    Path first = files.in(root).resolve(FIRST);
    Path elsewhere = Files.writeString(folder.resolve("elsewhere"), "one");
    Files.delete(first);
    Files.createSymbolicLink(first, elsewhere);
    files.in(root);
    assertThat(first).isRegularFile().hasContent("one");
    assertThat(Files.isSymbolicLink(first)).isFalse();
  }

  @Test
  void removesWhatAProcessLeftThatDied() throws IOException {
    Path left = Files.createDirectories(root.resolve("unfinished-1/deep"));
    Files.writeString(left.resolve("first.so"), "on");
    Files.setPosixFilePermissions(root, PosixFilePermissions.fromString("rwx------"));
    Path unpacked = files.in(root);
    assertThat(root).isDirectoryNotContaining("glob:**/unfinished-*");
    assertThat(unpacked.resolve(FIRST)).hasContent("one");
  }

  @Test
  void leavesWhatCannotBeRemoved() throws IOException {
    Path left = Files.createDirectories(root.resolve("unfinished-1").resolve("a".repeat(250)));
    Files.setPosixFilePermissions(root, PosixFilePermissions.fromString("rwx------"));
    Path deep = Path.of("deep");
    for (int i = 0; i < 15; i++) {
      deep = deep.resolve("b".repeat(250));
    }
    Path inner = Files.createDirectories(folder.resolve(deep));
    Path tooLong = left.resolve("b".repeat(250)).resolve("deep");
    Files.createDirectories(tooLong.getParent());
    Files.move(folder.resolve("deep"), tooLong); // no path reaches its end now
    try {
      assertThat(files.in(root).resolve(FIRST)).hasContent("one");
    } finally {
      Files.move(tooLong, folder.resolve("deep"));
    }
    assertThat(inner).exists();
  }

  @Test
  void refusesAFolderThatOthersMayRead() throws IOException {
    Files.createDirectories(root);
    Files.setPosixFilePermissions(root, PosixFilePermissions.fromString("rwxr-xr-x"));
    assertThatThrownBy(() -> files.in(root))
        .isInstanceOf(IOException.class)
        .hasMessage(root + " has mode 40755; a directory of this user alone has 40700");
    assertThat(root).isEmptyDirectory();
  }

  @Test
  void refusesALink() throws IOException {
    Path target = Files.createDirectory(folder.resolve("target"));
    Files.setPosixFilePermissions(target, PosixFilePermissions.fromString("rwx------"));
    Files.createDirectories(root.getParent());
    Files.createSymbolicLink(root, target);
    assertThatThrownBy(() -> files.in(root))
        .isInstanceOf(IOException.class)
        .hasMessage(root + " has mode 120777; a directory of this user alone has 40700");
    assertThat(target).isEmptyDirectory();
  }

  @Test
  void refusesAFolderOfAnotherUser() throws IOException {
    assumeTrue(PrivateFolder.user() == 0, "only root can give a directory away");
    Files.createDirectories(root);
    Files.setAttribute(root, "unix:uid", 12_345);
    assertThatThrownBy(() -> files.in(root))
        .isInstanceOf(IOException.class)
        .hasMessage(root + " belongs to user 12345, not to 0");
    assertThat(root).isEmptyDirectory();
  }

  @Test
  void refusesAnArchiveThatIsDamaged() throws IOException {
    URL source = entry(folder.resolve("onetwo.jar"), "a");
    UnpackedFiles damaged = new UnpackedFiles(List.of(new PackedFile(FIRST, source, 3, 0xbad)));
    assertThatThrownBy(() -> damaged.in(root))
        .isInstanceOf(IOException.class)
        .hasMessage("what was unpacked in %s is damaged".formatted(root.toRealPath()));
    assertThat(root).isDirectoryNotContaining("glob:**/unfinished-*");
  }

  @Test
  void refusesAFileThatIsNotPacked() throws IOException {
    URL plain = folder.toUri().toURL();
    assertThatThrownBy(() -> PackedFile.of(FIRST, plain))
        .isInstanceOf(IOException.class)
        .hasMessage(plain + " is not in an archive");
  }

  private static String mode(Path folder) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(folder));
  }
}
