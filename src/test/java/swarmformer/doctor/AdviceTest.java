package swarmformer.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

final class AdviceTest {
  private static ExecutorReport executor(int slots, long nativeMb, Map<Integer, Double> rates) {
    Environment around = new Environment("1", "host", "", "", "", "", "", 0, 0, 0);
    Engine engine = new Engine("", "", List.of(), 1, "", "", "");
    return new ExecutorReport(
        around, engine, slots, slots, 0, new TreeMap<>(rates), 0, nativeMb << 20);
  }

  @Test
  void addsUpExecutors() {
    List<ExecutorReport> two =
        List.of(
            executor(2, 800, Map.of(64, 100.0, 256, 104.0)),
            executor(4, 900, Map.of(64, 210.0, 256, 200.0)));
    assertThat(Advice.of(two)).isEqualTo(new Advice(256, 18, 1_280, 304));
  }

  @Test
  void takesAnotherBatchSizeThatIsClearlyFaster() {
    List<ExecutorReport> one = List.of(executor(1, 100, Map.of(256, 1000.0, 1_024, 1200.0)));
    assertThat(Advice.of(one)).isEqualTo(new Advice(1_024, 3, 256, 1200));
  }

  @Test
  void passesOverExecutorsThatCouldNotScore() {
    List<ExecutorReport> two =
        List.of(executor(1, 0, Map.of()), executor(1, 100, Map.of(64, 10.0, 256, 10.0)));
    assertThat(Advice.of(two)).isEqualTo(new Advice(256, 6, 256, 10));
  }
}
