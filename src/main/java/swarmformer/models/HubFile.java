package swarmformer.models;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Locale;
import org.apache.commons.codec.binary.Hex;
import org.apache.commons.codec.digest.DigestUtils;
import swarmformer.checkpoint.ModelException;

/**
 * One file of a model as the hub lists it.
 *
 * @param name its name in the model's directory
 * @param size in bytes
 * @param hash the content's SHA-256 (64 digits, large files), or the SHA-1 that git gives it (40)
 */
record HubFile(String name, int size, String hash) {
  private static final int SHA256_DIGITS = 64;

  /** Throws if what was downloaded is not what the hub lists. */
  void check(HubModel model, Path downloaded) throws IOException {
    long found = Files.size(downloaded);
    if (found != size) {
      throw differs(
          model, String.format(Locale.ROOT, "%d bytes came, %d were listed", found, size));
    }
    String foundHash = isLarge() ? sha256(downloaded) : gitHash(downloaded);
    if (!foundHash.equals(hash)) {
      throw differs(model, "the hash of what came is %s, not %s".formatted(foundHash, hash));
    }
  }

  /** Whether a file that was checked before may still be this one. */
  boolean agreesWith(HubCache.Fingerprint known) {
    return known.size() == size && (!isLarge() || hash.equals(known.sha256()));
  }

  /** The SHA-256 of a file's content, in hexadecimal. */
  static String sha256(Path file) throws IOException {
    return digest("SHA-256", "", file);
  }

  private String gitHash(Path file) throws IOException {
    return digest("SHA-1", "blob " + size + "\0", file);
  }

  private boolean isLarge() {
    return hash.length() == SHA256_DIGITS;
  }

  private ModelException differs(HubModel model, String how) {
    return new ModelException(
        "Cannot fetch %s: %s is not what the hub lists: %s. Nothing was kept; run again, and if it happens again, look for a proxy or mirror that alters files."
            .formatted(model, name, how));
  }

  private static String digest(String algorithm, String prefix, Path file) throws IOException {
    try (InputStream content = Files.newInputStream(file)) {
      MessageDigest digest = DigestUtils.getDigest(algorithm);
      digest.update(prefix.getBytes(StandardCharsets.US_ASCII));
      return Hex.encodeHexString(DigestUtils.updateDigest(digest, content).digest());
    }
  }
}
