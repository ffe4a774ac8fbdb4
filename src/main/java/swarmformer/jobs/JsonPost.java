package swarmformer.jobs;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Optional;

/** Sends JSON to a server of the user's. */
final class JsonPost {
  /** Longer than that nothing waits for it. */
  static final Duration TIMEOUT = Duration.ofSeconds(30);

  private JsonPost() {}

  /** Whether a place is an address and not a file or a command. */
  static boolean isAddress(String place) {
    return place.startsWith("http://") || place.startsWith("https://");
  }

  /**
   * Sends it once.
   *
   * @param token for the header {@code Authorization}
   * @throws IOException if the server cannot be reached, or refuses it
   * @throws IllegalArgumentException if it is not an address
   */
  static void send(String address, String json, Optional<String> token)
      throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(address))
            .timeout(TIMEOUT)
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(json));
    token.ifPresent(secret -> request.header("Authorization", "Bearer " + secret));
    HttpResponse<Void> answer =
        HttpClient.newBuilder()
            .connectTimeout(TIMEOUT)
            .build()
            .send(request.build(), HttpResponse.BodyHandlers.discarding());
    if (answer.statusCode() / 100 != 2) {
      throw new IOException("the server answered " + answer.statusCode());
    }
  }
}
