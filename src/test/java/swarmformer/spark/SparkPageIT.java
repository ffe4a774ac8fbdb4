package swarmformer.spark;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.tools.ToolProvider;
import org.apache.commons.io.FileUtils;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import scala.tools.nsc.Settings;
import scala.tools.nsc.interpreter.IMain;
import scala.tools.nsc.interpreter.shell.ReplReporterImpl;
import swarmformer.LocalSpark;
import swarmformer.jobs.Script;

/** The examples of docs/spark.md, as they stand there, in a directory of their own. */
class SparkPageIT {
  private static final Path HOME = Script.projectHome();

  /** Files of the examples, which lie where their reader stands. */
  private static final String RELATIVE =
      "(?<=[\"'])(?=(samples/[\\w.]+|sentiment(/batch=|-delta)?|arriving|(delta-)?checkpoint)[\"'])";

  @TempDir private static Path folder;
  private static SparkSession spark;

  @BeforeAll
  static void open() throws IOException {
    LocalSpark.session().stop();
    spark = Extended.session(folder);
    FileUtils.copyDirectory(HOME.resolve("samples").toFile(), folder.resolve("samples").toFile());
    Samples.read(spark).select("id", "text").write().parquet(folder.resolve("arriving").toString());
  }

  @AfterAll
  static void stop() {
    spark.stop();
  }

  @Test
  void javaExamplesRun() throws Exception {
    List<String> examples = blocks("java");
    assertThat(examples).hasSize(3);
    for (int i = 0; i < examples.size(); i++) {
      run("Example" + i, examples.get(i));
    }
    assertThat(folder.resolve("sentiment/stages")).isDirectory();
    assertThat(spark.read().parquet(folder + "/sentiment/batch=0").count()).isEqualTo(310);
    assertThat(spark.read().format("delta").load(folder + "/sentiment-delta").count())
        .isEqualTo(310);
  }

  private static void run(String name, String block) throws Exception {
    String imports =
        block.lines().filter(line -> line.startsWith("import ")).collect(Collectors.joining("\n"));
    String body =
        block.lines().filter(line -> !line.startsWith("import ")).collect(Collectors.joining("\n"));
    Path source = folder.resolve(name + ".java");
    Files.writeString(
        source,
        "%s\npublic class %s {\npublic static void run(%s spark) throws Exception {\n%s\n}\n}\n"
            .formatted(imports, name, SparkSession.class.getName(), body));
    String classPath = System.getProperty("java.class.path");
    String[] options = {"-cp", classPath, "-d", folder.toString(), source.toString()};
    assertThat(ToolProvider.getSystemJavaCompiler().run(null, null, null, options)).isZero();
    URL[] places = {folder.toUri().toURL()};
    try (URLClassLoader loader = new URLClassLoader(places, SparkPageIT.class.getClassLoader())) {
      loader.loadClass(name).getMethod("run", SparkSession.class).invoke(null, spark);
    }
  }

  @Test
  void scalaExampleRuns() {
    Settings settings = new Settings();
    settings.classpath().append(System.getProperty("java.class.path"));
    PrintWriter out = new PrintWriter(System.out, true, StandardCharsets.UTF_8);
    IMain shell = new IMain(settings, new ReplReporterImpl(settings, out));
    interpret(shell, "val spark = org.apache.spark.sql.SparkSession.active");
    List<String> examples = blocks("scala");
    assertThat(examples).hasSize(1);
    interpret(shell, examples.get(0));
    assertThat((Double) shell.valueOfTerm("area").get()).isBetween(0.84, 0.90);
    shell.close();
  }

  private static void interpret(IMain shell, String code) {
    assertThat(shell.interpret(code).toString()).isEqualTo("Success");
  }

  @Test
  void sqlExampleRuns() {
    List<List<Row>> results =
        Pattern.compile(";\\s*")
            .splitAsStream(String.join("\n", blocks("sql")))
            .map(statement -> spark.sql(statement).collectAsList())
            .toList();
    assertThat(results).extracting(List::size).containsExactly(0, 5, 0, 5);
  }

  @Test
  void namesJarsThatTheBuildMakes() {
    assertThat(matches("(target/[\\w.-]+\\.jar)", page()))
        .hasSize(4)
        .allSatisfy(jar -> assertThat(HOME.resolve(jar)).exists());
  }

  private static List<String> blocks(String language) {
    return matches("(?s)```" + language + "\n(.*?)```", page()).stream()
        .map(block -> block.replaceAll(RELATIVE, folder + "/"))
        .toList();
  }

  private static List<String> matches(String pattern, String text) {
    return Pattern.compile(pattern).matcher(text).results().map(found -> found.group(1)).toList();
  }

  private static String page() {
    try {
      return Files.readString(HOME.resolve("docs/spark.md"));
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
