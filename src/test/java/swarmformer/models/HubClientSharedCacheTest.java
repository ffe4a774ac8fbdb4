package swarmformer.models;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static swarmformer.models.LoopbackHub.NAME;
import static swarmformer.models.LoopbackHub.WEIGHTS;
import static swarmformer.models.LoopbackHub.WEIGHTS_PATH;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import swarmformer.jobs.JavaProcess;

class HubClientSharedCacheTest extends HubClientTestBase {

  /** The second program: fetches with the settings of its environment, prints the commit. */
  static final class FetchProgram {
    public static void main(String[] arguments) {
      System.out.print(new HubClient(System.getenv()).fetch(arguments[0], "main").commit());
    }
  }

  @Test
  void eightThreadsFillOneCache() throws Exception {
    int threads = 8;
    sendWeightsOnlyWhenAllHaveAsked(threads);
    HubClient client = new HubClient(environment());
    Callable<HubFiles> fetch = () -> client.fetch(NAME, "main");
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    List<Future<HubFiles>> results = pool.invokeAll(Collections.nCopies(threads, fetch));
    pool.shutdown();

    for (Future<HubFiles> result : results) {
      assertThat(result.get().weights()).hasBinaryContent(WEIGHTS);
    }
    assertThatCacheIsWhole();
  }

  @Test
  void twoProcessesFillOneCache() throws Exception {
    int count = 2;
    sendWeightsOnlyWhenAllHaveAsked(count);
    List<Process> processes = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      processes.add(start());
    }

    for (Process process : processes) {
      assertThat(process.waitFor(60, SECONDS)).isTrue();
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(output).isEqualTo(LoopbackHub.COMMIT);
      assertThat(process.exitValue()).isZero();
    }
    assertThatCacheIsWhole();
  }

  private Process start() throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(JavaProcess.command(List.of(), FetchProgram.class, NAME));
    builder.environment().putAll(environment());
    builder.environment().remove("HF_HUB_OFFLINE");
    return builder.redirectErrorStream(true).start();
  }

  private Map<String, String> environment() {
    Map<String, String> environment = hub.environment(cache);
    environment.put("HF_HUB_DOWNLOAD_TIMEOUT", "30");
    return environment;
  }

  private void sendWeightsOnlyWhenAllHaveAsked(int count) {
    CyclicBarrier allAsked = new CyclicBarrier(count);
    hub.on(
        WEIGHTS_PATH,
        exchange -> {
          await(allAsked);
          LoopbackHub.send(exchange, 200, WEIGHTS);
        });
  }

  private static void await(CyclicBarrier barrier) throws IOException {
    try {
      barrier.await(30, SECONDS);
    } catch (InterruptedException | BrokenBarrierException | TimeoutException e) {
      throw new IOException("Not all have asked", e);
    }
  }

  private void assertThatCacheIsWhole() throws IOException {
    assertThat(offline("1").fetch(NAME, "main").weights()).hasBinaryContent(WEIGHTS);
    assertThat(cachedFileNames())
        .containsExactlyInAnyOrder("config.json", "model.safetensors", "files.json", "main");
  }
}
