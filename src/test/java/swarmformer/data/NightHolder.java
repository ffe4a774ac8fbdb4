package swarmformer.data;

import java.io.IOException;
import java.nio.file.Path;
import org.apache.hadoop.conf.Configuration;

/** A process that claims a night, says so, and holds it until its standard input ends. */
public final class NightHolder {
  private NightHolder() {}

  /** Takes the folder and the name. */
  public static void main(String... arguments) throws IOException {
    try (Claim claim = take(Path.of(arguments[0]), arguments[1])) {
      System.out.println("claimed " + claim.folder());
      System.in.read();
    } catch (HeldException e) {
      System.out.println("refused " + e.getMessage());
    }
  }

  static Claim take(Path root, String name) {
    org.apache.hadoop.fs.Path folder = new org.apache.hadoop.fs.Path(root.toString());
    return Claim.take(
        new Configuration(),
        folder,
        name,
        published -> new org.apache.hadoop.fs.Path(folder, "date=" + published));
  }
}
