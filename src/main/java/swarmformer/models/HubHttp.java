package swarmformer.models;

import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import swarmformer.checkpoint.ModelException;
import swarmformer.models.HubBody.NetworkFailure;

/**
 * Reads about one model from a hub. A body that is cut off is asked for once more; nothing else is
 * repeated. {@link HttpURLConnection}, because its read time-out also ends a body that stalls.
 */
final class HubHttp {
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);
  private static final Set<Integer> REDIRECTS = Set.of(301, 302, 303, 307, 308);
  private static final int MAX_REDIRECTS = 5;
  private static final String WITHOUT_THE_HUB =
      "to use what an earlier run fetched, set HF_HUB_OFFLINE=1 or pin the commit (org/name@commit)";

  private final HubEndpoint endpoint;
  private final HubModel model;

  HubHttp(HubEndpoint endpoint, HubModel model) {
    this.endpoint = endpoint;
    this.model = model;
  }

  /** Consumes a body from its start; called again if the body was cut off. */
  interface BodyReader<T> {
    T read(InputStream body) throws IOException;
  }

  /**
   * Reads the body at a path of the endpoint.
   *
   * @param limit the most bytes to accept
   * @throws ModelException if the network, the hub or the body's length is at fault
   * @throws IOException only from the reader's own work
   */
  <T> T read(String path, long limit, BodyReader<T> reader) throws IOException {
    try {
      return readOnce(path, limit, reader);
    } catch (NetworkFailure first) {
      if (!first.isCutOff()) {
        throw unreachable(first);
      }
    }
    try {
      return readOnce(path, limit, reader);
    } catch (NetworkFailure second) {
      throw unreachable(second);
    }
  }

  private <T> T readOnce(String path, long limit, BodyReader<T> reader) throws IOException {
    URI uri = endpoint.resolve(path);
    for (int redirects = 0; redirects <= MAX_REDIRECTS; redirects++) {
      HttpURLConnection connection = connect(uri);
      try {
        Optional<URI> next = redirect(uri, connection);
        if (next.isEmpty()) {
          return readBody(uri, connection, limit, reader);
        }
        uri = next.get();
      } finally {
        connection.disconnect();
      }
    }
    throw new ModelException(
        String.format(
            Locale.ROOT,
            "Cannot fetch %s: more than %d redirects, the last to %s. Check HF_ENDPOINT.",
            model,
            MAX_REDIRECTS,
            HubBody.show(uri)));
  }

  private HttpURLConnection connect(URI uri) throws IOException {
    HttpURLConnection connection = (HttpURLConnection) uri.toURL().openConnection();
    connection.setInstanceFollowRedirects(false);
    connection.setUseCaches(false);
    connection.setConnectTimeout((int) CONNECT_TIMEOUT.toMillis());
    connection.setReadTimeout((int) endpoint.readTimeout().toMillis());
    connection.setRequestProperty("User-Agent", "swarmformer-spark");
    connection.setRequestProperty("Connection", "close");
    connection.setRequestProperty("Accept-Encoding", "identity");
    if (endpoint.isOriginOf(uri)) {
      endpoint
          .token()
          .ifPresent(t -> connection.setRequestProperty("Authorization", "Bearer " + t));
    }
    return connection;
  }

  /** Where the answer sends us, or empty if it is the answer itself. */
  private Optional<URI> redirect(URI uri, HttpURLConnection connection) throws NetworkFailure {
    int status = status(uri, connection);
    String location = connection.getHeaderField("Location");
    if (status == HttpURLConnection.HTTP_OK) {
      return Optional.empty();
    }
    if (!REDIRECTS.contains(status) || location == null) {
      throw refused(uri, status);
    }
    try {
      URI target = uri.resolve(location);
      if (HubEndpoint.allows(target)) {
        return Optional.of(target);
      }
    } catch (IllegalArgumentException malformed) {
      // Answered below.
    }
    throw new ModelException(
        "Cannot fetch %s: %s redirects to an address that is not https. Check HF_ENDPOINT."
            .formatted(model, HubBody.show(uri)));
  }

  private static int status(URI uri, HttpURLConnection connection) throws NetworkFailure {
    try {
      return connection.getResponseCode();
    } catch (IOException e) {
      throw new NetworkFailure(uri, e);
    }
  }

  private <T> T readBody(URI uri, HttpURLConnection connection, long limit, BodyReader<T> reader)
      throws IOException {
    try (InputStream body = new HubBody(model, uri, connection, limit)) {
      return reader.read(body);
    }
  }

  private ModelException refused(URI uri, int status) {
    String remedy =
        switch (status) {
          case 401, 403 ->
              "HF_TOKEN is %s. Check the name, set HF_TOKEN to a token that may read this model and, if it is gated, accept its terms on its page"
                  .formatted(endpoint.token().isPresent() ? "set but not enough" : "not set");
          case 404 ->
              "There is no model %s with a revision %s, or it is private. Check both, or set HF_TOKEN"
                  .formatted(model.name(), model.revision());
          case 429 -> "Too many requests. Wait a few minutes or set HF_TOKEN; " + WITHOUT_THE_HUB;
          default ->
              status >= 500
                  ? "The hub is in trouble. Run again later; " + WITHOUT_THE_HUB
                  : "This is not an answer of a Hugging Face hub. Check HF_ENDPOINT";
        };
    return new ModelException(
        String.format(
            Locale.ROOT,
            "Cannot fetch %s: %s answered %d. %s.",
            model,
            HubBody.show(uri),
            status,
            remedy));
  }

  private ModelException unreachable(NetworkFailure failure) {
    Throwable cause = failure.getCause();
    String reason = cause.getClass().getSimpleName() + ": " + cause.getMessage();
    if (cause instanceof SocketTimeoutException) {
      reason =
          String.format(
              Locale.ROOT,
              "nothing came in time (%s; the limits are %d s to connect and HF_HUB_DOWNLOAD_TIMEOUT, %d s, for data)",
              cause.getMessage(),
              CONNECT_TIMEOUT.toSeconds(),
              endpoint.readTimeout().toSeconds());
    }
    return new ModelException(
        "Cannot fetch %s from %s: %s. Check the network and HF_ENDPOINT and run again; %s."
            .formatted(model, failure.address(), reason, WITHOUT_THE_HUB),
        failure);
  }
}
