package swarmformer.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import swarmformer.errors.ErrorCode;

final class TrainIT {
  @TempDir Path folder;

  /** Reviews of chance words, of which one tells the class. */
  @BeforeEach
  void writeReviewsAndRecipe() throws IOException {
    List<String> words = List.of("the", "film", "was", "a", "plot", "of", "scene", "in");
    List<String> telling = List.of("dreadful", "middling", "splendid");
    Random random = new Random(1);
    StringBuilder csv = new StringBuilder("id,text,label,film\n");
    for (int i = 0; i < 400; i++) {
      csv.append(i).append(',');
      for (int word = random.nextInt(20); word >= 0; word--) {
        csv.append(words.get(random.nextInt(words.size()))).append(' ');
      }
      csv.append(telling.get(i % 3)).append(',');
      csv.append(List.of("bad", "fair", "good").get(i % 3));
      csv.append(",film ").append(i / 4).append('\n');
    }
    csv.append("none,a text without a label,,film 1\n");
    Files.writeString(folder.resolve("reviews.csv"), csv);
    String recipe =
        Files.readString(Script.projectHome().resolve("conf/train-small.properties"))
            + """

              model.d-model=16
              model.seq-len=32
              model.layers=1
              pretrain.epochs=2
              epochs=6
              batch-size=16
              micro-batch=512
              learning-rate=0.02
              dropout.embedding=0.1
              dropout.classifier=0.1
              """;
    Files.writeString(folder.resolve("recipe.properties"), recipe);
  }

  private String[] arguments(String output, String classes) {
    return new String[] {
      "--input",
      "reviews.csv",
      "--recipe",
      "recipe.properties",
      "--output",
      output,
      "--classes",
      classes,
      "--validation-by",
      "film"
    };
  }

  private Script.Ended train(String output) throws Exception {
    return Script.in(folder).run("train", toTheEnd(output));
  }

  /** Without validation the weights of the last epoch are kept; the share is of no film. */
  private String[] toTheEnd(String output) {
    List<String> arguments = new ArrayList<>(List.of(arguments(output, "bad,fair,good")));
    arguments.addAll(List.of("--validation", "0.00001"));
    return arguments.toArray(String[]::new);
  }

  private byte[] weights(String model) throws IOException {
    return Files.readAllBytes(folder.resolve(model).resolve("model.safetensors"));
  }

  @Test
  void theModelItMakesScoresAtOnce() throws Exception {
    Files.writeString(
        folder.resolve("more.csv"), "text,film\nsplendid,unseen\ndreadful,\nof a film,film 1\n");
    String[] given = arguments("mine/", "bad,fair,good");
    String[] more = {"--label-col", "label", "--unlabelled", "more.csv"};
    Script.Ended trained =
        Script.in(folder)
            .run("train", Stream.of(given, more).flatMap(Stream::of).toArray(String[]::new));
    trained.assertDone();
    assertThat(trained.out())
        .contains("Training on cpu() with ")
        .containsPattern("learn from, [23] without a label, .* 1 left out")
        .containsPattern(
            "mine: (epoch \\d|the first weights), (9[5-9]|100)\\.\\d+ % of \\d+ validation texts");
    assertThat(folder.resolve("mine.training")).doesNotExist();
    assertThat(folder.resolve("mine"))
        .isDirectoryContaining("glob:**/config.json")
        .isDirectoryContaining("glob:**/training.json");
    assertThat(folder.resolve("mine/curves.svg"))
        .content()
        .contains("<svg", "Loss", "Accuracy", "training", "validation", "epoch 6, validation: ");
    assertThat(Files.readString(folder.resolve("mine/README.md")))
        .contains("# mine", "bad, fair, good", "jobs/train.sh --input reviews.csv", "epochs=6")
        .containsPattern("Masked tokens guessed \\|\n.*\n\\| 1 .*\n\\| 2 ");
    assertThat(trained.err()).contains("pretraining epoch 1: loss ", "\nepoch 6: loss ");
    Files.writeString(folder.resolve("new.csv"), "text\nthe splendid film\nthe dreadful plot\n");
    Script.Ended scored =
        Script.in(folder)
            .score("--input", "new.csv", "--model", "mine", "--output", "out", "--run-id", "new");
    scored.assertDone();
    assertThat(scored.out()).contains("1 bad").contains("1 good");

    Script.Ended again = train("mine");
    assertThat(again.code()).isEqualTo(ErrorCode.INPUT.exitCode());
    assertThat(again.err())
        .contains("Cannot write the model to mine: it exists. Set another --output, or delete it.");
  }

  @Tag("long")
  @Test
  void refusesToTrainWhereAnotherTrainingIsAtWork() throws Exception {
    Files.createDirectory(folder.resolve("taken.training"));
    try (FileChannel other =
            FileChannel.open(
                folder.resolve("taken.training/lock"),
                StandardOpenOption.CREATE,
                StandardOpenOption.WRITE);
        FileLock held = other.lock()) {
      Script.Ended refused = train("taken");
      assertThat(held.isValid()).isTrue();
      assertThat(refused.code()).isEqualTo(ErrorCode.HELD.exitCode());
      assertThat(refused.err())
          .contains("Cannot train with the state in", "another training process is using it");
    }
    assertThat(folder.resolve("taken")).doesNotExist();
  }

  private Ran refused(String... more) {
    List<Object> all =
        new ArrayList<>(
            List.of("--input", folder.resolve("reviews.csv"), "--output", folder.resolve("other")));
    all.addAll(List.of("--recipe", folder.resolve("recipe.properties")));
    all.addAll(List.of(more));
    Ran ran = Ran.locally(new Train(), all.toArray());
    assertThat(folder.resolve("other")).doesNotExist();
    assertThat(ran.code()).isEqualTo(ErrorCode.INPUT.exitCode());
    return ran;
  }

  @Test
  void refusesWhatItCannotLearnFrom() throws IOException {
    assertThat(refused("--classes", "bad,good").err())
        .contains(
            "Cannot learn from %s: 133 labels are none of [bad, good]. Name the classes with --classes, in order, or fix the labels."
                .formatted(folder.resolve("reviews.csv")));
    assertThat(refused("--classes", "bad,fair,good", "--validation-by", "movie").err())
        .contains(
            "Cannot validate by groups: no text of %s has a value in a column 'movie'. Set --validation-by."
                .formatted(folder.resolve("reviews.csv")));
    assertThat(
            refused(
                    "--classes",
                    "bad,fair,good",
                    "--validation",
                    "0.00001",
                    "--validation-by",
                    "film",
                    "--min-accuracy",
                    "0.8")
                .err())
        .contains(
            "Cannot check --min-accuracy: --validation 0.00001 puts none of the 100 groups of %s aside. Raise it, or set it to a file of texts to validate on."
                .formatted(folder.resolve("reviews.csv")));
    Path validation = folder.resolve("without-films.csv");
    Files.writeString(validation, "text,label\nsplendid plot,good\n");
    assertThat(
            refused(
                    "--classes",
                    "bad,fair,good",
                    "--validation",
                    validation.toString(),
                    "--validation-by",
                    "film")
                .err())
        .contains(
            "Cannot validate by groups: no text of %s has a value in a column 'film'. Set --validation-by."
                .formatted(validation));
    assertThat(refused("--classes", "bad,fair,good", "--soft-labels", "other").err())
        .contains(
            "Cannot learn from soft labels: no text has any in a column 'other'. Set --soft-labels.");
    assertThat(refused("--from", "small-imdb").err())
        .anyMatch(
            line ->
                line.startsWith(
                    "Cannot start from small-imdb: it has d_model 128 and 2 layers,"
                        + " and the recipe d_model 16 and 1 layers."));
  }

  /** The weights alone are half a gigabyte. */
  @Test
  void saysThatTheHeapIsTooSmall() throws Exception {
    Files.writeString(
        folder.resolve("recipe.properties"), "\nmodel.d-model=2048\n", StandardOpenOption.APPEND);
    List<String> arguments = new ArrayList<>(List.of(arguments("large", "bad,fair,good")));
    arguments.addAll(List.of("--", "--driver-memory", "512m"));
    Script.Ended ended = Script.in(folder).run("train", arguments.toArray(String[]::new));
    assertThat(ended.err())
        .endsWith(
            "Cannot train: 0.5 GB of Java heap are too little for these texts and this recipe. Give the driver more, and run the same command again: -- --driver-memory 2g.\n");
    assertThat(ended.code()).isEqualTo(ErrorCode.INPUT.exitCode());
  }

  /** The labels of the validation are others than those that are learned from. */
  @Test
  void saysPlainlyThatAModelLoses() throws IOException {
    Path validation = folder.resolve("other.csv");
    Files.writeString(
        validation, "text,label\nsplendid plot,bad\ndreadful plot,fair\nsplendid scene,bad\n");
    Path output = folder.resolve("losing");
    List<Object> all = new ArrayList<>(List.of("--input", folder.resolve("reviews.csv")));
    all.addAll(List.of("--recipe", folder.resolve("recipe.properties"), "--output", output));
    all.addAll(List.of("--classes", "bad,fair,good,superb", "--validation", validation));
    all.addAll(List.of("--min-accuracy", "0.9", "--unlabelled", folder.resolve("reviews.csv")));
    Ran ran = Ran.locally(new Train(), all.toArray());
    assertThat(ran.code()).isEqualTo(ExitCode.GATE);
    assertThat(ran.out())
        .contains("a linear model of the same texts knows ", "always saying ")
        .contains("Warning: the model is worse than ")
        .contains("400 texts to learn from, 1 without a label, 3 to validate on, 1 left out")
        .contains(
            "Warning: no text to learn from has the label superb. Check --classes and the labels.",
            "Warning: no text to validate on has the label good or superb. Check ");
    assertThat(ran.err())
        .contains(
            "Gate: %s knows less than --min-accuracy 0.9 of the validation texts. Add texts with labels, start from a model with --from, or lower it."
                .formatted(output));
    assertThat(output.resolve("README.md"))
        .content()
        .contains("| Compared | a linear model of the same texts knows ")
        .contains("**the model is worse than ");
  }

  /** The same command goes on, whenever the process was killed. */
  @Test
  @Tag("long")
  void aKilledTrainingGoesOnToTheSameWeights() throws Exception {
    Script.Ended whole = train("whole");
    whole.assertDone();
    assertThat(whole.out())
        .contains(
            "Warning: nothing is validated, since --validation 0.00001 puts none of the 100 groups of reviews.csv aside.");
    Script script = Script.in(folder);
    Process killed = script.startJob("train", toTheEnd("part"));
    Path state = folder.resolve("part.training").resolve("state.json");
    while (!Files.exists(state) && killed.isAlive()) {
      Thread.sleep(20);
    }
    killed.descendants().forEach(ProcessHandle::destroyForcibly);
    killed.destroyForcibly().waitFor();
    assertThat(folder.resolve("part")).doesNotExist();
    train("part").assertDone();
    assertThat(weights("part")).isEqualTo(weights("whole"));
  }
}
