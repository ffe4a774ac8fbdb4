package swarmformer.cache;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class CacheFolderTest {
  @Test
  void findsTheCache() {
    Path home = Path.of("/home/someone");
    assertThat(CacheFolder.of(Map.of("HOME", "/home/someone")))
        .isEqualTo(home.resolve(".cache/swarmformer"));
    assertThat(CacheFolder.of(Map.of("HOME", "/home/someone", "XDG_CACHE_HOME", "relative")))
        .isEqualTo(home.resolve(".cache/swarmformer"));
    assertThat(CacheFolder.of(Map.of("XDG_CACHE_HOME", "/xdg")))
        .isEqualTo(Path.of("/xdg/swarmformer"));
    assertThat(CacheFolder.of(Map.of("XDG_CACHE_HOME", "/xdg", "SWARMFORMER_CACHE", "/own")))
        .isEqualTo(Path.of("/own"));
    assertThat(CacheFolder.of(Map.of()))
        .isEqualTo(Path.of(System.getProperty("user.home"), ".cache", "swarmformer"));
  }

  @Test
  void isATemporaryDirectoryWhereTheHomeCannotBeMade() throws IOException {
    Path file = Files.createTempFile("home", "");
    assertThat(CacheFolder.made(Map.of("HOME", file.toString())))
        .isEqualTo(
            Path.of(System.getProperty("java.io.tmpdir"), "swarmformer-" + PrivateFolder.user()))
        .isDirectory();
    assertThat(CacheFolder.made(Map.of("SWARMFORMER_CACHE", file.toString()))).isEqualTo(file);
  }

  @Test
  void isALinkToADirectoryWhereThereIsOne(@TempDir Path folder) throws IOException {
    Path disk = Files.createDirectory(folder.resolve("disk"));
    Path link = folder.resolve("swarmformer");
    Files.createSymbolicLink(link, disk);
    assertThat(CacheFolder.made(Map.of("XDG_CACHE_HOME", folder.toString()))).isEqualTo(link);
  }

  @Test
  void isOfTheApplicationOnYarn() {
    Map<String, String> container =
        Map.of(
            "HOME", "/home/", "CONTAINER_ID", "container_1", "LOCAL_DIRS", "/disk1/app,/disk2/app");
    assertThat(CacheFolder.of(container)).isEqualTo(Path.of("/disk1/app/swarmformer"));
    assertThat(CacheFolder.of(Map.of("HOME", "/home/a", "LOCAL_DIRS", "/disk1")))
        .isEqualTo(Path.of("/home/a/.cache/swarmformer"));
  }
}
