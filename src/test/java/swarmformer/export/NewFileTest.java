package swarmformer.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class NewFileTest {
  @TempDir Path folder;

  @Test
  void appearsWhenItIsWhole() throws IOException {
    Path file = folder.resolve("file");
    NewFile.write(
        file,
        out -> {
          out.write(new byte[100_000]);
          assertThat(file).doesNotExist();
          out.write(1);
        });
    assertThat(file).hasSize(100_001);
    assertThat(folder).isDirectoryNotContaining("regex:.*/\\..*");
  }

  @Test
  void doesNotAppearAfterAFailure() {
    assertThatThrownBy(
            () ->
                NewFile.write(
                    folder.resolve("file"),
                    out -> {
                      out.write(1);
                      throw new IOException("No space left on device");
                    }))
        .hasMessage("No space left on device");
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void doesNotReplaceOneThatCameInBetween() {
    Path file = folder.resolve("file");
    assertThatThrownBy(() -> NewFile.write(file, out -> Files.writeString(file, "another's")))
        .isInstanceOf(FileAlreadyExistsException.class)
        .hasMessage(file.toString());
    assertThat(folder).isDirectoryContaining(path -> path.equals(file));
    assertThat(file).hasContent("another's");
    assertThat(folder.toFile().list()).hasSize(1);
  }
}
