package swarmformer.training;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.commons.codec.digest.DigestUtils;

/**
 * Texts divided by their groups, the same way every time: a group's hash decides, not the seed.
 *
 * @param training texts to learn from
 * @param validation texts to validate on
 */
public record Split(List<Labelled> training, List<Labelled> validation) {
  private static final int PARTS = 10_000;

  /** Keeps copies of the lists. */
  public Split {
    training = List.copyOf(training);
    validation = List.copyOf(validation);
  }

  /**
   * Puts about a share of the texts, whole groups, aside for validation. Of the others, those are
   * left out that are equal to one of them.
   */
  public static Split by(List<Labelled> texts, double share) {
    Map<Boolean, List<Labelled>> parts =
        texts.stream()
            .collect(
                Collectors.partitioningBy(text -> bucket(text.group(), PARTS) < share * PARTS));
    return of(parts.get(false), parts.get(true));
  }

  /** Texts to learn from without those, and their groups, that are to validate on. */
  public static Split of(List<Labelled> texts, List<Labelled> validation) {
    Split both = new Split(texts, validation);
    return new Split(both.withoutValidation(texts), validation);
  }

  /** Texts without those that are to validate on, or belong to their groups. */
  public List<Labelled> withoutValidation(List<Labelled> others) {
    Set<String> texts = validation.stream().map(Labelled::text).collect(Collectors.toSet());
    Set<String> groups = validation.stream().map(Labelled::group).collect(Collectors.toSet());
    return others.stream()
        .filter(other -> !texts.contains(other.text()) && !groups.contains(other.group()))
        .toList();
  }

  /**
   * Texts without labels less those that are known with one, or belong to the groups that are to
   * validate on.
   */
  public List<Labelled> withoutLabelled(List<Labelled> unlabelled) {
    Set<String> texts = training.stream().map(Labelled::text).collect(Collectors.toSet());
    return withoutValidation(unlabelled).stream()
        .filter(other -> !texts.contains(other.text()))
        .toList();
  }

  /** A number from 0 to below {@code buckets} that depends on the group alone. */
  static int bucket(String group, int buckets) {
    byte[] hash = DigestUtils.sha256(group);
    return Math.floorMod(ByteBuffer.wrap(hash).getInt(), buckets);
  }
}
