package swarmformer.nightly;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import org.apache.commons.codec.digest.DigestUtils;
import swarmformer.checkpoint.Checkpoint;
import swarmformer.checkpoint.ModelFiles;
import swarmformer.data.Secrets;
import swarmformer.model.Precision;
import swarmformer.store.Manifest;
import swarmformer.tokens.Tokenizer;

/**
 * The model of a night.
 *
 * @param files what goes to the executors
 * @param facts what tells it from other models
 * @param classNames names of its classes, in order
 */
public record NightModel(ModelFiles files, Manifest.Model facts, List<String> classNames) {
  /** What decides which token ids a text has. */
  private static final List<String> TOKENIZER = List.of("tokenizer.json", "characters.txt");

  /** Checks a model that is to compute in some number format. */
  public static NightModel of(ModelFiles files, Precision precision) {
    Checkpoint checkpoint = Checkpoint.parse(files);
    String config = files.configText();
    String tokenizer = tokenizerSha256();
    Manifest.Model facts =
        new Manifest.Model(
            Secrets.without(files.name()),
            files.sha256(),
            DigestUtils.sha256Hex(tokenizer + config),
            tokenizer,
            checkpoint.weights().parameters(),
            precision.toString(),
            config);
    return new NightModel(files, facts, checkpoint.classNames());
  }

  private static String tokenizerSha256() {
    StringBuilder hashes = new StringBuilder();
    for (String resource : TOKENIZER) {
      try (InputStream stream = Tokenizer.class.getResourceAsStream(resource)) {
        hashes.append(DigestUtils.sha256Hex(stream));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return DigestUtils.sha256Hex(hashes.toString());
  }

  /** Whether rows of these hashes are its own, in any number format. */
  boolean scoredAs(String sha256, String configSha256) {
    return facts.sha256().equals(sha256) && facts.configSha256().equals(configSha256);
  }
}
