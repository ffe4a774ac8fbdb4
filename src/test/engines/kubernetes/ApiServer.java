import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerStateBuilder;
import io.fabric8.kubernetes.api.model.ContainerStatusBuilder;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.PodStatusBuilder;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.client.NamespacedKubernetesClient;
import io.fabric8.kubernetes.client.server.mock.KubernetesCrudDispatcher;
import io.fabric8.kubernetes.client.server.mock.KubernetesMockServer;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.fabric8.mockwebserver.Context;
import io.fabric8.mockwebserver.MockWebServer;
import io.fabric8.mockwebserver.dsl.HttpMethod;
import io.fabric8.mockwebserver.http.Buffer;
import io.fabric8.mockwebserver.http.MockResponse;
import io.fabric8.mockwebserver.http.RecordedRequest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * An API server of Kubernetes whose kubelet runs the pods of Spark as processes of this machine,
 * until its standard input ends. {@code java ApiServer.java FOLDER PORT SPARK_HOME}: the folder
 * gets one for each pod, with its output.
 */
public final class ApiServer {
  private static final String HOST = "127.0.0.1";

  /** Where Spark's image has the settings of a pod. */
  private static final String IMAGE_CONF = "/opt/spark/conf";

  private final Path folder;
  private final Path spark;
  private final NamespacedKubernetesClient client;
  private final Set<String> started = new HashSet<>();
  private final Map<String, Process> processes = new ConcurrentHashMap<>();

  private ApiServer(Path folder, Path spark, NamespacedKubernetesClient client) {
    this.folder = folder;
    this.spark = spark;
    this.client = client;
  }

  public static void main(String[] arguments) throws Exception {
    KubernetesMockServer server =
        new KubernetesMockServer(
            new Context(), new MockWebServer(), new ConcurrentHashMap<>(), new Dispatcher(), false);
    server.init(InetAddress.getByName(HOST), Integer.parseInt(arguments[1]));
    ApiServer api =
        new ApiServer(
            Path.of(arguments[0]).toAbsolutePath(), Path.of(arguments[2]), server.createClient());
    Thread kubelet = new Thread(api::watch, "kubelet");
    kubelet.setDaemon(true);
    kubelet.start();
    System.out.println("ready");
    while (System.in.read() >= 0) {}
    api.processes.values().forEach(Process::destroyForcibly);
    System.exit(0);
  }

  /** What the mock lacks: new pods are pending, and server-side apply creates what is not there. */
  private static final class Dispatcher extends KubernetesCrudDispatcher {
    @Override
    public MockResponse handleCreate(RecordedRequest request) {
      if (!request.getPath().endsWith("/pods")) {
        return super.handleCreate(request);
      }
      Pod pod = Serialization.unmarshal(request.getUtf8Body(), Pod.class);
      pod.setStatus(new PodStatusBuilder().withPhase("Pending").build());
      return super.handleCreate(
          request(request, HttpMethod.POST, request.getPath(), Serialization.asJson(pod)));
    }

    @Override
    public MockResponse handlePatch(RecordedRequest request) {
      String body = request.getUtf8Body();
      String path = request.getPath();
      MockResponse patched = super.handlePatch(request(request, HttpMethod.PATCH, path, body));
      if (patched.code() != 404 || !path.contains("fieldManager")) {
        return patched;
      }
      String resource = path.substring(0, path.indexOf('?'));
      String collection = resource.substring(0, resource.lastIndexOf('/'));
      String json = Serialization.asJson(Serialization.unmarshal(body, GenericKubernetesResource.class));
      return super.handleCreate(request(request, HttpMethod.POST, collection, json));
    }

    private static RecordedRequest request(
        RecordedRequest of, HttpMethod method, String path, String body) {
      return new RecordedRequest(
          of.getHttpVersion(),
          method,
          path,
          of.getHeaders(),
          new Buffer(body.getBytes(StandardCharsets.UTF_8)));
    }
  }

  /** The kubelet: starts what is new, and ends what was deleted. */
  private void watch() {
    try {
      while (true) {
        Set<String> there = new HashSet<>();
        for (Pod pod : client.pods().inAnyNamespace().list().getItems()) {
          String name = pod.getMetadata().getName();
          there.add(name);
          if (started.add(name)) {
            new Thread(() -> run(pod), name).start();
          }
        }
        processes.forEach(
            (name, process) -> {
              if (!there.contains(name)) {
                process.destroy();
              }
            });
        Thread.sleep(300);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void run(Pod pod) {
    String name = pod.getMetadata().getName();
    try {
      Path work = Files.createDirectories(folder.resolve(name));
      mountSettings(pod, work);
      Map<String, String> environment = environment(pod);
      ProcessBuilder builder =
          new ProcessBuilder(command(pod, environment, work))
              .directory(work.toFile())
              .redirectOutput(work.resolve("out").toFile())
              .redirectError(work.resolve("err").toFile());
      builder.environment().putAll(environment);
      builder.environment().put("SPARK_HOME", spark.toString());
      builder.environment().put("SPARK_CONF_DIR", work.resolve("conf").toString());
      builder.environment().put("SPARK_LOCAL_DIRS", work.toString());
      Process process = builder.start();
      processes.put(name, process);
      report(pod, "Running", new ContainerStateBuilder().withNewRunning().endRunning());
      int code = process.waitFor();
      report(
          pod,
          code == 0 ? "Succeeded" : "Failed",
          new ContainerStateBuilder()
              .withNewTerminated()
              .withExitCode(code)
              .withReason(code == 0 ? "Completed" : "Error")
              .withFinishedAt(Instant.now().toString())
              .endTerminated());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Writes the config maps of a pod to its folder conf. */
  private void mountSettings(Pod pod, Path work) throws IOException, InterruptedException {
    Path conf = Files.createDirectories(work.resolve("conf"));
    for (Volume volume : pod.getSpec().getVolumes()) {
      if (volume.getConfigMap() != null) {
        ConfigMap map = null;
        while (map == null) { // it is created after the pod
          map =
              client
                  .configMaps()
                  .inNamespace(pod.getMetadata().getNamespace())
                  .withName(volume.getConfigMap().getName())
                  .get();
          Thread.sleep(100);
        }
        for (Map.Entry<String, String> file : map.getData().entrySet()) {
          // The name of the driver's service, which no name server here knows.
          String text = file.getValue().replaceAll("(?m)^spark.driver.host=.*$", "spark.driver.host=" + HOST);
          Files.writeString(conf.resolve(file.getKey()), text.replace(IMAGE_CONF, conf.toString()));
        }
      }
    }
  }

  private static Map<String, String> environment(Pod pod) {
    Map<String, String> environment = new HashMap<>();
    for (EnvVar variable : container(pod).getEnv()) {
      String value = variable.getValue();
      if (value == null && variable.getValueFrom().getFieldRef() != null) {
        value = variable.getValueFrom().getFieldRef().getFieldPath().equals("status.podIP") ? HOST : pod.getMetadata().getName();
      }
      if (value != null) {
        environment.put(variable.getName(), value);
      }
    }
    return environment;
  }

  private static Container container(Pod pod) {
    return pod.getSpec().getContainers().get(0);
  }

  /** As entrypoint.sh of Spark's image does it. */
  private List<String> command(Pod pod, Map<String, String> environment, Path work) {
    List<String> arguments =
        container(pod).getArgs().stream()
            .map(word -> word.replace(IMAGE_CONF, work.resolve("conf").toString()))
            .toList();
    List<String> command = new ArrayList<>();
    if (arguments.get(0).equals("driver")) {
      command.add(spark.resolve("bin/spark-submit").toString());
      command.addAll(List.of("--conf", "spark.driver.bindAddress=" + HOST));
      command.addAll(List.of("--deploy-mode", "client"));
      command.addAll(arguments.subList(1, arguments.size()));
      return command;
    }
    command.add(Path.of(System.getProperty("java.home"), "bin/java").toString());
    environment.entrySet().stream()
        .filter(variable -> variable.getKey().startsWith("SPARK_JAVA_OPT_"))
        .sorted(Comparator.comparing(Map.Entry::getKey))
        .forEach(variable -> command.add(variable.getValue()));
    command.add("-Xmx" + environment.get("SPARK_EXECUTOR_MEMORY"));
    command.addAll(List.of("-cp", work.resolve("conf") + ":" + spark.resolve("jars") + "/*"));
    command.add("org.apache.spark.scheduler.cluster.k8s.KubernetesExecutorBackend");
    command.addAll(List.of("--driver-url", environment.get("SPARK_DRIVER_URL")));
    command.addAll(List.of("--executor-id", environment.get("SPARK_EXECUTOR_ID")));
    command.addAll(List.of("--cores", environment.get("SPARK_EXECUTOR_CORES")));
    command.addAll(List.of("--app-id", environment.get("SPARK_APPLICATION_ID")));
    command.addAll(List.of("--hostname", HOST));
    command.addAll(List.of("--resourceProfileId", environment.get("SPARK_RESOURCE_PROFILE_ID")));
    command.addAll(List.of("--podName", pod.getMetadata().getName()));
    return command;
  }

  private void report(Pod pod, String phase, ContainerStateBuilder state) {
    client
        .pods()
        .inNamespace(pod.getMetadata().getNamespace())
        .withName(pod.getMetadata().getName())
        .edit(
            now ->
                new PodBuilder(now)
                    .withNewStatus()
                    .withPhase(phase)
                    .withPodIP(HOST)
                    .withHostIP(HOST)
                    .withStartTime(Instant.now().toString())
                    .withContainerStatuses(
                        new ContainerStatusBuilder()
                            .withName(container(pod).getName())
                            .withImage(container(pod).getImage())
                            .withReady(phase.equals("Running"))
                            .withState(state.build())
                            .build())
                    .endStatus()
                    .build());
  }
}
