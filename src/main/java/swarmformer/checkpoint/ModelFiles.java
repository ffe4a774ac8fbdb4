package swarmformer.checkpoint;

import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * A checkpoint as it was found, checked by the driver and carried to the executors.
 *
 * @param name what the user called it: a bundled name, a path, a URI or {@code org/name@commit}
 * @param config content of config.json
 * @param weights content of model.safetensors
 * @param sha256 SHA-256 of {@code weights}, in hexadecimal
 */
@SuppressWarnings("ArrayRecordComponent") // files, never compared
public record ModelFiles(String name, byte[] config, byte[] weights, String sha256)
    implements Serializable {
  /** Files that were found, with the hash of the weights. */
  public static ModelFiles of(String name, byte[] config, byte[] weights) {
    return new ModelFiles(name, config, weights, hash(weights));
  }

  /** The configuration, as its file has it. */
  public String configText() {
    return new String(config, StandardCharsets.UTF_8);
  }

  /** SHA-256 of the weights as they are here, in hexadecimal: {@link #sha256} if all is well. */
  public String arrivedSha256() {
    return hash(weights);
  }

  /** SHA-256 of the configuration's file, in hexadecimal. */
  public String configSha256() {
    return hash(config);
  }

  private static String hash(byte[] content) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java has SHA-256", e);
    }
  }
}
