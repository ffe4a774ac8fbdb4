package swarmformer.models;

import java.nio.file.Path;
import java.util.Optional;

/**
 * A model's files in the local cache, each checked against the hub's hash when they were fetched
 * and against the cache's own SHA-256 when this record was made.
 *
 * @param commit the 40 hexadecimal digits that the revision stood for
 * @param config {@code config.json}, which published checkpoints may lack
 * @param weights {@code model.safetensors}, an absolute path in the directory of this commit
 */
public record HubFiles(String commit, Optional<Path> config, Path weights) {}
