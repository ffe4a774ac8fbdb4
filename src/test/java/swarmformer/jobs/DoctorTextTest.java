package swarmformer.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.SparkConf;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import swarmformer.doctor.Engine;
import swarmformer.doctor.Environment;
import swarmformer.doctor.ExecutorCheck;
import swarmformer.doctor.ExecutorReport;
import swarmformer.model.Precision;

final class DoctorTextTest {
  @Test
  void quotesTheModelOfTheCommand() {
    ModelOptions model = new ModelOptions();
    new CommandLine(model).parseArgs("--model", "models/my model");
    assertThat(printed(model)).contains(" --model 'models/my model' --device auto ");
  }

  private static String printed(ModelOptions model) {
    Environment around = new Environment("driver", "here", "", "", "", "", "", 0, 0, 0);
    Engine engine = new Engine("", "cpu()", List.of(), 1, "", "", "");
    ExecutorReport executor =
        new ExecutorReport(around, engine, 1, 1, 0, new TreeMap<>(Map.of(256, 10.0)), 0, 0);
    StringWriter out = new StringWriter();
    CommandSpec program = CommandSpec.create().name("jobs/doctor.sh");
    new CommandLine(program).setOut(new PrintWriter(out, true));
    new DoctorText(
            program, new SparkConf(false).set("spark.master", "local[1]"), model, Precision.FLOAT32)
        .print(new ExecutorCheck.Result(around, List.of(executor)), List.of());
    return out.toString();
  }
}
