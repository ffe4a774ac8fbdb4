package swarmformer.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import swarmformer.errors.ErrorCode;

/** What is wrong is said before anything is read. */
final class TrainRefusalsTest {
  @TempDir Path folder;

  private static Ran train(Path output, Path recipe, String... options) {
    List<Object> arguments = new ArrayList<>(List.of("--input", "absent.csv"));
    arguments.addAll(List.of("--recipe", recipe, "--output", output));
    arguments.addAll(List.of(options));
    return Ran.of(new Train(), arguments.toArray());
  }

  private Ran train(String option, String value) {
    Path recipe = Path.of("conf", "train-small.properties");
    return train(folder.resolve("model"), recipe, option, value);
  }

  @Test
  void refusesOptionsThatMeanNothing() {
    assertThat(train("--validation", "1.5"))
        .isEqualTo(usage("--validation takes a share from 0 to below 1, or a file, not 1.5."));
    assertThat(train("--min-accuracy", "84"))
        .isEqualTo(usage("--min-accuracy takes a share from 0 to 1, not 84.0."));
    assertThat(train("--keep", "film"))
        .isEqualTo(usage("--keep does not go with training, which writes no predictions."));
  }

  private static Ran usage(String message) {
    return new Ran(
        ErrorCode.USAGE.exitCode(), "", List.of(message + " Try 'jobs/train.sh --help'."));
  }

  @Test
  void refusesATeacherThatTeachesNothing() throws IOException {
    Path recipe = folder.resolve("mine.properties");
    Files.writeString(
        recipe,
        Files.readString(Path.of("conf", "train-small.properties")) + "\nteacher.share=0\n");
    Ran ran = train(folder.resolve("model"), recipe, "--teacher", "small-imdb");
    assertThat(ran.code()).isEqualTo(ErrorCode.INPUT.exitCode());
    assertThat(ran.err())
        .containsExactly(
            "Cannot learn from --teacher with the recipe %s: its teacher.share is 0. Raise it, or leave out --teacher."
                .formatted(recipe));
    assertThat(train(folder.resolve("model"), recipe, "--soft-labels", "p").err())
        .containsExactly(
            "Cannot learn from --soft-labels with the recipe %s: its teacher.share is 0. Raise it, or leave out --soft-labels."
                .formatted(recipe));
    String settings = Files.readString(Path.of("conf", "train-small.properties"));
    Files.writeString(recipe, settings + "\naugment.combine=0.25\n");
    assertThat(train(folder.resolve("model"), recipe, "--soft-labels", "p").err())
        .containsExactly(
            "Cannot learn from --soft-labels with the recipe %s: its augmentation changes the texts that they are of. Set augment.shuffle, augment.synonyms and augment.combine to 0, or leave out --soft-labels."
                .formatted(recipe));
    Files.writeString(recipe, settings);
    Ran others =
        train(folder.resolve("model"), recipe, "--teacher", "small-imdb", "--classes", "bad,good");
    assertThat(others.err())
        .containsExactly(
            "Cannot learn from small-imdb: its classes are negative,positive, not bad,good. Set --classes to the model's, in their order, or name another --teacher.");
  }

  @Test
  void warnsOfSettingsThatAreNotThoseOfTheModelItStartsFrom() throws IOException {
    Path recipe = folder.resolve("mine.properties");
    String settings =
        Files.readString(Path.of("conf", "train-small.properties")) + "\nteacher.share=0\n";
    Files.writeString(recipe, settings);
    String[] from = {"--from", "small-imdb", "--teacher", "small-imdb"};
    assertThat(train(folder.resolve("model"), recipe, from).out()).isEmpty();
    Files.writeString(recipe, settings + "model.seq-len=512\nmodel.truncation-side=right\n");
    assertThat(train(folder.resolve("model"), recipe, from).out().lines())
        .containsExactly(
            "Warning: model.seq-len is 512 in the recipe, but 256 in small-imdb, whose weights were trained with that. Set it to 256, unless you mean it.",
            "Warning: model.truncation-side is right in the recipe, but left in small-imdb, whose weights were trained with that. Set it to left, unless you mean it.");
  }

  @Test
  void refusesSizesAndClassesThatMakeNoNetwork() throws IOException {
    assertThat(train("--classes", "good,good").err().get(0))
        .startsWith("Cannot use the recipe conf/train-small.properties with these --classes: ");
    Path recipe = folder.resolve("mine.properties");
    Files.writeString(
        recipe,
        Files.readString(Path.of("conf", "train-small.properties")) + "\nmodel.seq-len=250\n");
    Ran ran = train(folder.resolve("model"), recipe, "--seed", "1");
    assertThat(ran.code()).isEqualTo(ErrorCode.INPUT.exitCode());
    assertThat(ran.err().get(0)).contains("mine.properties", "250", "8");
  }

  @Test
  void saysAllThatIsWrongWithARecipe() throws IOException {
    Path recipe = Files.writeString(folder.resolve("mine.properties"), "epochs=0\n");
    Ran ran = train(folder.resolve("model"), recipe, "--seed", "1");
    assertThat(ran.code()).isEqualTo(ErrorCode.INPUT.exitCode());
    assertThat(ran.err().get(0))
        .contains("Cannot use the recipe " + recipe, "epochs is 0", "batch-size is missing");
    assertThat(folder.resolve("model")).doesNotExist();
  }

  @Test
  void refusesTheNameOfABundledModel() {
    Path recipe = Path.of("conf", "train-small.properties");
    assertThat(train(Path.of("small-imdb"), recipe))
        .isEqualTo(
            usage(
                "--output takes no name of a bundled model, since --model small-imdb means that one: set it to ./small-imdb, or to another name."));
  }

  @Test
  void refusesAFolderOfAnotherMachine() {
    Ran ran =
        Ran.of(
            new Train(),
            "--input",
            "absent.csv",
            "--recipe",
            "conf/train-small.properties",
            "--output",
            "s3a://bucket/model");
    assertThat(ran)
        .isEqualTo(
            usage(
                "--output takes a directory on this machine, not 's3a://bucket/model': train to one and copy it."));
  }

  @Test
  void refusesAFolderThatCannotBe() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "");
    Ran ran =
        train(file.resolve("model"), Path.of("conf", "train-small.properties"), "--device", "cpu");
    assertThat(ran.code()).isEqualTo(ErrorCode.INPUT.exitCode());
    assertThat(ran.err().get(0))
        .isEqualTo(
            "Cannot write the model to %s: %s is not a directory that you may write to. Set another --output."
                .formatted(file.resolve("model"), file));
  }
}
