import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/**
 * Passes requests on to an HTTP server of this machine, and lets some fail, until its standard input
 * ends. {@code java FaultyProxy.java PORT TARGET_PORT PERCENT SEED}: of the requests PERCENT are
 * answered late, as many with 503 without being passed on, and as many are passed on and their
 * answers lost.
 */
public final class FaultyProxy {
  private static final int LATEST_MS = 2_000;

  private static final byte[] SLOW_DOWN =
      "<Error><Code>SlowDown</Code><Message>Please reduce your request rate.</Message></Error>"
          .getBytes(StandardCharsets.UTF_8);

  /** What the client and the server of HTTP set themselves. */
  private static final Set<String> OWN =
      Set.of("connection", "content-length", "expect", "transfer-encoding", "upgrade", "date");

  private final HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final int target;
  private final int percent;
  private final Random random;

  private FaultyProxy(int target, int percent, long seed) {
    this.target = target;
    this.percent = percent;
    this.random = new Random(seed);
  }

  public static void main(String[] arguments) throws IOException {
    // The signature of a request is also one over the name of the host.
    System.setProperty("jdk.httpclient.allowRestrictedHeaders", "host");
    FaultyProxy proxy =
        new FaultyProxy(
            Integer.parseInt(arguments[1]),
            Integer.parseInt(arguments[2]),
            Long.parseLong(arguments[3]));
    int port = Integer.parseInt(arguments[0]);
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
    server.setExecutor(Executors.newCachedThreadPool());
    server.createContext("/", proxy::handle);
    server.start();
    System.out.println("ready");
    while (System.in.read() >= 0) {}
    System.exit(0);
  }

  private synchronized int chance(int below) {
    return random.nextInt(below);
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      byte[] body = exchange.getRequestBody().readAllBytes();
      int fault = chance(100);
      if (fault < percent) {
        answer(exchange, 503, SLOW_DOWN);
        return;
      }
      HttpResponse<byte[]> response = passOn(exchange, body);
      if (fault < 2 * percent) {
        throw new IOException("this answer is lost"); // the server then closes the connection
      }
      if (fault < 3 * percent) {
        TimeUnit.MILLISECONDS.sleep(chance(LATEST_MS));
      }
      response
          .headers()
          .map()
          .forEach(
              (name, values) -> {
                if (!OWN.contains(name.toLowerCase(Locale.ROOT))) {
                  exchange.getResponseHeaders().put(name, values);
                }
              });
      if (exchange.getRequestMethod().equals("HEAD")) {
        response
            .headers()
            .firstValue("content-length")
            .ifPresent(bytes -> exchange.getResponseHeaders().set("Content-Length", bytes));
      }
      answer(exchange, response.statusCode(), response.body());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private HttpResponse<byte[]> passOn(HttpExchange exchange, byte[] body)
      throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(
                URI.create("http://127.0.0.1:" + target + exchange.getRequestURI()))
            .method(
                exchange.getRequestMethod(),
                body.length == 0
                    ? HttpRequest.BodyPublishers.noBody()
                    : HttpRequest.BodyPublishers.ofByteArray(body));
    for (var header : exchange.getRequestHeaders().entrySet()) {
      if (!OWN.contains(header.getKey().toLowerCase(Locale.ROOT))) {
        List<String> values = header.getValue();
        values.forEach(value -> request.header(header.getKey(), value));
      }
    }
    return client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
  }

  private static void answer(HttpExchange exchange, int status, byte[] body) throws IOException {
    boolean empty = body.length == 0 || exchange.getRequestMethod().equals("HEAD");
    exchange.sendResponseHeaders(status, empty ? -1 : body.length);
    if (!empty) {
      exchange.getResponseBody().write(body);
    }
  }
}
