package swarmformer.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;

/** Mistakes of users: each gets one line that says what, why and what to do, and its exit code. */
class UserMistakesIT {
  private static final Map<String, Supplier<Callable<Integer>>> PROGRAMS =
      Map.of(
          "score", Score::new,
          "evaluate", Evaluate::new,
          "score-nightly", ScoreNightly::new,
          "report-trend", ReportTrend::new,
          "export", Export::new,
          "train", Train::new);

  @TempDir private static Path folder;

  @BeforeAll
  static void writeInputs() throws IOException {
    write("reviews.csv", "id,Review,stars\n1,Good.,5\n2,Bad.,1\n");
    write("labelled.csv", "id,text,label\n1,Good.,pos\n2,Bad.,neg\n");
    write("good.csv", "id,day,text,label\n1,2026-11-01,Good.,1\n2,2026-11-01,Bad.,0\n");
    write("semicolons.csv", "id;text\n1;Good.\n2;Bad.\n");
    write("empty.csv", "");
    write("header.csv", "id,text\n");
    write("report.xlsx", "PK\u0003\u0004");
    write("broken.json", "{\"text\": \"Good.\"\n");
    write("notes.pdf", "%PDF-1.7\n");
    write("model/config.json", "{\"d_model\": 128}");
    try (GZIPOutputStream out =
        new GZIPOutputStream(Files.newOutputStream(folder.resolve("zipped.csv")))) {
      out.write("id,text\n1,Good.\n".getBytes(java.nio.charset.StandardCharsets.UTF_8));
    }
  }

  private static void write(String name, String content) throws IOException {
    Files.createDirectories(folder.resolve(name).getParent());
    Files.writeString(folder.resolve(name), content);
  }

  @ParameterizedTest
  @CsvFileSource(resources = "user-mistakes.csv", delimiter = '|', quoteCharacter = '`')
  void getALine(int code, String command, String line) {
    List<String> words =
        Arrays.stream(command.split(" "))
            .map(word -> word.startsWith("@") ? folder + "/" + word.substring(1) : word)
            .collect(Collectors.toList());
    Ran ran =
        Ran.locally(PROGRAMS.get(words.get(0)).get(), words.subList(1, words.size()).toArray());
    String said = String.join(" / ", ran.err()).replace(folder.toString(), "@");
    assertThat(said).isEqualTo(line);
    assertThat(ran.code()).isEqualTo(code);
  }
}
