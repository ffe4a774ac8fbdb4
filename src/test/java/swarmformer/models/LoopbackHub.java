package swarmformer.models;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** A hub on this machine with one model, {@code org/tiny}, that tests can make misbehave. */
final class LoopbackHub implements AutoCloseable {
  static final String NAME = "org/tiny";
  static final String COMMIT = "0123456789abcdef0123456789abcdef01234567";
  static final String TOKEN = "hf_secret";
  static final byte[] CONFIG = "{\"d_model\": 4}".getBytes(StandardCharsets.UTF_8);
  static final byte[] WEIGHTS = randomBytes(100_000);
  static final String WEIGHTS_PATH = "/org/tiny/resolve/" + COMMIT + "/model.safetensors";
  static final String CONFIG_PATH = "/org/tiny/resolve/" + COMMIT + "/config.json";

  /** One request: raw path and the Authorization header, {@code null} without one. */
  record Request(String path, String authorization) {}

  final List<Request> requests = new CopyOnWriteArrayList<>();
  private final Map<String, HttpHandler> handlers = new ConcurrentHashMap<>();
  private final CountDownLatch closing = new CountDownLatch(1);
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final HttpServer server;

  LoopbackHub() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::handle);
    server.setExecutor(threads);
    server.start();
    list(COMMIT, configEntry(), weightsEntry());
    on(CONFIG_PATH, exchange -> send(exchange, 200, CONFIG));
    on(WEIGHTS_PATH, exchange -> send(exchange, 200, WEIGHTS));
  }

  String address() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  Map<String, String> environment(Path cache) {
    Map<String, String> environment = new HashMap<>();
    environment.put("HF_ENDPOINT", address());
    environment.put("HF_TOKEN", TOKEN);
    environment.put("HF_HUB_DOWNLOAD_TIMEOUT", "1");
    environment.put("SWARMFORMER_CACHE", cache.toString());
    return environment;
  }

  static String listingPath(String revisionSegment) {
    return "/api/models/org/tiny/revision/" + revisionSegment;
  }

  void on(String rawPath, HttpHandler handler) {
    handlers.put(rawPath, handler);
  }

  /** Describes the model, under its branch and its commit. */
  void list(String commit, Object... siblings) throws IOException {
    byte[] json = description(commit, siblings);
    on(listingPath("main"), exchange -> send(exchange, 200, json));
    on(listingPath(COMMIT), exchange -> send(exchange, 200, json));
  }

  static byte[] description(String commit, Object... siblings) throws IOException {
    return new ObjectMapper().writeValueAsBytes(Map.of("sha", commit, "siblings", siblings));
  }

  static Map<String, Object> configEntry() {
    String prefix = "blob " + CONFIG.length + "\0";
    byte[] blob =
        (prefix + new String(CONFIG, StandardCharsets.UTF_8)).getBytes(StandardCharsets.UTF_8);
    return entry("config.json", CONFIG.length, hash("SHA-1", blob));
  }

  static Map<String, Object> weightsEntry() {
    return largeEntry(WEIGHTS.length, hash("SHA-256", WEIGHTS));
  }

  static Map<String, Object> entry(String file, Object size, String blobId) {
    return Map.of("rfilename", file, "size", size, "blobId", blobId);
  }

  static Map<String, Object> largeEntry(Object size, String sha256) {
    return Map.of(
        "rfilename",
        "model.safetensors",
        "size",
        size,
        "blobId",
        "0".repeat(40),
        "lfs",
        Map.of("sha256", sha256, "size", size, "pointerSize", 134));
  }

  long count(String rawPath) {
    return requests.stream().filter(request -> request.path().equals(rawPath)).count();
  }

  static void send(HttpExchange exchange, int status, byte[] body) throws IOException {
    exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
    exchange.getResponseBody().write(body);
    exchange.close();
  }

  static HttpHandler redirect(String location) {
    return exchange -> {
      exchange.getResponseHeaders().set("Location", location);
      send(exchange, 302, new byte[0]);
    };
  }

  /** Announces the whole body, sends half of it and hangs up. */
  static void sendHalf(HttpExchange exchange) throws IOException {
    exchange.sendResponseHeaders(200, WEIGHTS.length);
    exchange.getResponseBody().write(WEIGHTS, 0, WEIGHTS.length / 2);
    exchange.getResponseBody().flush();
    exchange.close();
  }

  /** Sends half of the body and then nothing. */
  void stall(HttpExchange exchange) throws IOException {
    exchange.sendResponseHeaders(200, WEIGHTS.length);
    exchange.getResponseBody().write(WEIGHTS, 0, WEIGHTS.length / 2);
    exchange.getResponseBody().flush();
    hang(exchange);
  }

  /** Sends nothing until the hub closes. */
  void hang(HttpExchange exchange) {
    try {
      closing.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    exchange.close();
  }

  @Override
  public void close() {
    closing.countDown();
    server.stop(0);
    threads.shutdownNow();
  }

  private void handle(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getRawPath();
    String authorization = exchange.getRequestHeaders().getFirst("Authorization");
    requests.add(new Request(path, authorization));
    handlers.getOrDefault(path, missing -> send(missing, 404, new byte[0])).handle(exchange);
  }

  private static byte[] randomBytes(int count) {
    byte[] bytes = new byte[count];
    new Random(1).nextBytes(bytes);
    return bytes;
  }

  static String hash(String algorithm, byte[] content) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance(algorithm).digest(content));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
