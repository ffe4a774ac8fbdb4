package swarmformer.checkpoint;

import java.io.Serializable;

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
    implements Serializable {}
