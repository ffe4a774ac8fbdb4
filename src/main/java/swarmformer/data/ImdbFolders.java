package swarmformer.data;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/** The layout of the Large Movie Review Dataset: {@code {train,test}/{pos,neg}/ID_RATING.txt}. */
final class ImdbFolders {
  private ImdbFolders() {}

  /**
   * Lists the {@code pos} and {@code neg} folders in a data set, a split of it, or one of them.
   *
   * @throws DataException if there are none
   */
  static List<String> of(Path root, Configuration hadoop) throws IOException {
    List<String> found = below(root, hadoop);
    if (root.getName().equals("pos") || root.getName().equals("neg")) {
      found.add(root.toString());
    }
    if (found.isEmpty()) {
      throw new DataException(
          "Cannot read %s as imdb: it has no folders pos or neg, and no train or test with them. Set --input to the aclImdb folder."
              .formatted(root));
    }
    return found;
  }

  /** Lists the {@code pos} and {@code neg} folders in a data set or a split of it; maybe none. */
  static List<String> below(Path root, Configuration hadoop) throws IOException {
    FileSystem files = root.getFileSystem(hadoop);
    List<String> found = new ArrayList<>();
    for (String split : List.of("", "train/", "test/")) {
      for (String sentiment : List.of("pos", "neg")) {
        Path folder = new Path(root, split + sentiment);
        if (files.exists(folder)) {
          found.add(folder.toString());
        }
      }
    }
    return found;
  }
}
