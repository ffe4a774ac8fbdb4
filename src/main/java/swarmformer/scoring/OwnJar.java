package swarmformer.scoring;

import java.io.IOException;
import java.io.InputStream;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.apache.commons.codec.digest.DigestUtils;

/** The jar that this code runs from, for the record of what scored. */
public final class OwnJar {
  private OwnJar() {}

  /** Its SHA-256 in hexadecimal; empty if the code runs from a directory, or it cannot be read. */
  public static Optional<String> sha256() {
    try {
      Path code = Path.of(OwnJar.class.getProtectionDomain().getCodeSource().getLocation().toURI());
      if (!Files.isRegularFile(code)) {
        return Optional.empty();
      }
      try (InputStream content = Files.newInputStream(code)) {
        return Optional.of(DigestUtils.sha256Hex(content));
      }
    } catch (IOException | URISyntaxException unknown) {
      return Optional.empty(); // it is for the record alone
    }
  }
}
