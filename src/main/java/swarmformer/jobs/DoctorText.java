package swarmformer.jobs;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.spark.SparkConf;
import picocli.CommandLine.Model.CommandSpec;
import swarmformer.doctor.Advice;
import swarmformer.doctor.Engine;
import swarmformer.doctor.Environment;
import swarmformer.doctor.ExecutorCheck;
import swarmformer.doctor.ExecutorReport;
import swarmformer.doctor.Problem;
import swarmformer.model.Precision;

/** A checkup, for a person at a console of 100 columns. */
final class DoctorText {
  private static final int WIDTH = 100;
  private static final int HOST_WIDTH = 15;
  private static final String UNKNOWN = "-";
  private static final String COLUMNS = "  %-9s %-15s %-6s %5s %5s %7s %5s %7s %7s %7s %7s %7s";

  /** Set by {@code jobs/submit.sh}: its own options and those of spark-submit, a word a line. */
  private static final String SUBMITTED = "spark.swarmformer.submitted";

  /** What Spark hides in its logs, too. */
  private static final Pattern SECRET =
      Pattern.compile("(?i)(secret|password|token|access[.]?key)[^=]*=");

  private final PrintWriter out;
  private final ConsoleReport report;
  private final String program;
  private final SparkConf conf;
  private final ModelOptions model;
  private final Precision precision;

  DoctorText(CommandSpec program, SparkConf conf, ModelOptions model, Precision precision) {
    this.out = program.commandLine().getOut();
    this.report = new ConsoleReport(out);
    this.program = program.qualifiedName();
    this.conf = conf;
    this.model = model;
    this.precision = precision;
  }

  void print(ExecutorCheck.Result found, List<Problem> problems) {
    report.title("Everywhere (%s)", conf.get("spark.master"));
    facts(found);
    report.blank();
    table(found);
    problems(problems);
    if (found.executors().stream().anyMatch(e -> !e.textsPerSecond().isEmpty())) {
      advice(found);
    }
    report.end();
  }

  /** What should be the same in all processes, once; what is not, is told as a problem. */
  private void facts(ExecutorCheck.Result found) {
    fact(found, "Java", Environment::java);
    fact(found, "Spark", Environment::spark);
    fact(found, "glibc", Environment::glibc);
    fact(found, "GPU driver", Environment::gpuDriver);
    fact(found, "jar, SHA-256", Environment::jar);
    report.line("model", "%s, %s", model.model, precision);
    engineFact(found, "  SHA-256", Engine::model);
    engineFact(found, "PyTorch", Engine::pytorch);
    engineFact(found, "natives in", Engine::natives);
  }

  private void fact(ExecutorCheck.Result found, String name, Function<Environment, String> value) {
    print(name, found.processes().map(value));
  }

  private void engineFact(ExecutorCheck.Result found, String name, Function<Engine, String> value) {
    print(name, found.executors().stream().map(ExecutorReport::engine).map(value));
  }

  private void print(String name, Stream<String> values) {
    report.line(
        name, "%s", values.map(DoctorText::known).distinct().collect(Collectors.joining(", or ")));
  }

  private static String known(String text) {
    return text.isEmpty() ? UNKNOWN : text;
  }

  private void table(ExecutorCheck.Result found) {
    row(
        "", "host", "device", "cores", "tasks", "threads", "heap", "process", "memory", "disk",
        "clock", "texts/s");
    row("", "", "", "", "", "each", "GB", "GB", "free GB", "free GB", "ahead s", "");
    if (!found.isLocal()) {
      Environment driver = found.driver();
      row(
          "driver",
          driver.host(),
          "",
          "",
          "",
          "",
          gb(driver.heapBytes()),
          "",
          gb(driver.freeMemoryBytes()),
          gb(driver.freeDiskBytes()),
          "",
          "");
    }
    found.executors().forEach(this::row);
  }

  private void row(ExecutorReport executor) {
    Environment around = executor.environment();
    row(
        around.executor(),
        around.host(),
        known(executor.engine().device().replace("()", "")),
        executor.cores(),
        executor.slots(),
        executor.engine().threads(),
        gb(around.heapBytes()),
        gb(executor.processBytes()),
        gb(around.freeMemoryBytes()),
        gb(around.freeDiskBytes()),
        ConsoleReport.text("%.1f", executor.clockSeconds()),
        executor.textsPerSecond().values().stream()
            .max(Double::compare)
            .map(rate -> ConsoleReport.text("%,.0f", rate))
            .orElse(UNKNOWN));
  }

  private void row(Object... cells) {
    cells[1] = shortened(cells[1].toString(), HOST_WIDTH);
    out.println(ConsoleReport.text(COLUMNS, cells).stripTrailing());
  }

  private static String shortened(String text, int length) {
    return text.length() <= length ? text : text.substring(0, length - 1) + "…";
  }

  private static String gb(long bytes) {
    return ConsoleReport.text("%.1f", bytes / 1e9);
  }

  private void problems(List<Problem> problems) {
    report.title(problems.isEmpty() ? "No problem was found." : "Problems");
    int number = 1;
    for (Problem problem : problems) {
      wrapped(number++ + ". ", problem.text());
    }
  }

  /** A sentence on as many lines as it needs, those after the first indented like it. */
  private void wrapped(String mark, String text) {
    StringBuilder line = new StringBuilder("  " + mark);
    int indent = line.length();
    for (String word : text.split(" ")) {
      if (line.length() + word.length() > WIDTH && line.length() > indent) {
        out.println(line.toString().stripTrailing());
        line = new StringBuilder(" ".repeat(indent));
      }
      line.append(word).append(' ');
    }
    out.println(line.toString().stripTrailing());
  }

  private void advice(ExecutorCheck.Result found) {
    Advice advice = Advice.of(found.executors());
    ExecutorReport executor = found.executors().get(0);
    report.title("Settings that suit what was measured");
    report.line("batch size", "%,d", advice.batchSize());
    report.line("partitions", "%,d or more", advice.partitions());
    report.line(
        "threads",
        "%d for each task (%d × %d on %d cores)",
        executor.engine().threads(),
        executor.slots(),
        executor.engine().threads(),
        executor.cores());
    report.line("memory", "%,d MB outside the heap of each executor", advice.memoryOverheadMb());
    report.line("speed", "%,.0f made-up texts/s", advice.textsPerSecond());
    report.blank();
    out.println(command(advice));
  }

  /** A command for scoring with the settings of this checkup, as {@code jobs/submit.sh} told. */
  private String command(Advice advice) {
    List<String> settings = new ArrayList<>(conf.get(SUBMITTED, "").lines().toList());
    boolean scripted = !settings.isEmpty();
    settings.replaceAll(DoctorText::shown);
    if (!conf.get("spark.master").startsWith("local[")) {
      settings.add("--conf spark.executor.memoryOverhead=" + advice.memoryOverheadMb() + "m");
    }
    List<String> options =
        List.of(
            "--input INPUT --output OUTPUT",
            ConsoleReport.text(
                "--model %s --device %s --dtype %s --batch-size %d --partitions %d",
                CommandText.quoted(model.model),
                model.device,
                model.dtype,
                advice.batchSize(),
                advice.partitions()));
    List<String> lines = new ArrayList<>();
    if (scripted) {
      lines.add(program.replace("doctor", "score"));
      lines.addAll(options);
      if (!settings.equals(List.of("--"))) {
        lines.add(String.join(" ", settings));
      }
    } else {
      lines.add("spark-submit OPTIONS-OF-THIS-CHECKUP --class swarmformer.jobs.Score");
      lines.addAll(settings);
      lines.add("JAR");
      lines.addAll(options);
    }
    return String.join(" \\\n    ", lines);
  }

  private static String shown(String word) {
    return CommandText.quoted(
        SECRET.matcher(word).find() ? word.replaceFirst("=.*", "=***") : word);
  }
}
