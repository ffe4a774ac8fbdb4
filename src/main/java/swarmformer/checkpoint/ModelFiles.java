package swarmformer.checkpoint;

import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import org.apache.commons.codec.digest.DigestUtils;

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
    return new ModelFiles(name, config, weights, DigestUtils.sha256Hex(weights));
  }

  /** The configuration, as its file has it. */
  public String configText() {
    return new String(config, StandardCharsets.UTF_8);
  }

  /** SHA-256 of the weights as they are here, in hexadecimal: {@link #sha256} if all is well. */
  public String arrivedSha256() {
    return DigestUtils.sha256Hex(weights);
  }

  /** SHA-256 of the configuration's file, in hexadecimal. */
  public String configSha256() {
    return DigestUtils.sha256Hex(config);
  }
}
