package swarmformer.models;

import java.net.URI;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import swarmformer.checkpoint.ModelException;

/**
 * Which hub to ask, and how.
 *
 * @param base address without a slash at its end
 * @param token sent to the hub's own origin only; never printed
 * @param readTimeout the longest wait between two bytes
 */
record HubEndpoint(URI base, Optional<String> token, Duration readTimeout) {
  private static final String DEFAULT_BASE = "https://huggingface.co";
  private static final String DEFAULT_TIMEOUT_SECONDS = "30";

  /** Reads HF_ENDPOINT, HF_TOKEN and HF_HUB_DOWNLOAD_TIMEOUT; an empty variable counts as unset. */
  static HubEndpoint of(Map<String, String> environment) {
    return new HubEndpoint(
        base(variable(environment, "HF_ENDPOINT").orElse(DEFAULT_BASE)),
        variable(environment, "HF_TOKEN").map(HubEndpoint::checkedToken),
        timeout(variable(environment, "HF_HUB_DOWNLOAD_TIMEOUT").orElse(DEFAULT_TIMEOUT_SECONDS)));
  }

  /** The variable's trimmed value, empty if it is unset or blank. */
  static Optional<String> variable(Map<String, String> environment, String name) {
    return Optional.ofNullable(environment.get(name)).map(String::strip).filter(v -> !v.isEmpty());
  }

  /** Whether a request may go there at all: https, or plain http that stays on this machine. */
  static boolean allows(URI uri) {
    return uri.getHost() != null
        && ("https".equalsIgnoreCase(uri.getScheme())
            || ("http".equalsIgnoreCase(uri.getScheme()) && isLoopback(uri.getHost())));
  }

  /** Whether the token may go there: same scheme, host and port. */
  boolean isOriginOf(URI uri) {
    return base.getScheme().equalsIgnoreCase(uri.getScheme())
        && base.getHost().equalsIgnoreCase(uri.getHost())
        && port(base) == port(uri);
  }

  URI resolve(String path) {
    return URI.create(base + path);
  }

  /** Keeps the token out of logs. */
  @Override
  public String toString() {
    return base.toString();
  }

  private static int port(URI uri) {
    int standard = "https".equalsIgnoreCase(uri.getScheme()) ? 443 : 80;
    return uri.getPort() < 0 ? standard : uri.getPort();
  }

  private static boolean isLoopback(String host) {
    return host.equalsIgnoreCase("localhost")
        || host.equals("[::1]")
        || host.matches("127(\\.\\d{1,3}){3}");
  }

  private static URI base(String text) {
    try {
      URI uri = URI.create(text.replaceAll("/+$", ""));
      if (allows(uri) && uri.getUserInfo() == null && !text.matches(".*[?#].*")) {
        return uri;
      }
    } catch (IllegalArgumentException malformed) {
      // Answered below, without the text: it may hold a password.
    }
    throw new ModelException(
        "Cannot use HF_ENDPOINT (host and port: %s): it must be an https address without user name, query or fragment; plain http is for this machine only, such as http://127.0.0.1:8080. Unset it to ask %s."
            .formatted(text.replaceAll("^.*@|^\\w+://|[/?#].*$", ""), DEFAULT_BASE));
  }

  private static String checkedToken(String token) {
    if (token.matches("[\\x21-\\x7e]+")) {
      return token;
    }
    throw new ModelException(
        String.format(
            Locale.ROOT,
            "Cannot use HF_TOKEN: among its %d characters is one that no token has, such as a space or a line break. Copy the token again.",
            token.length()));
  }

  private static Duration timeout(String text) {
    if (text.matches("[1-9]\\d{0,4}")) {
      return Duration.ofSeconds(Integer.parseInt(text));
    }
    throw new ModelException(
        "Cannot use HF_HUB_DOWNLOAD_TIMEOUT '%s': it is not a whole number of seconds from 1 to 99999. Unset it to wait %s."
            .formatted(text, DEFAULT_TIMEOUT_SECONDS));
  }
}
