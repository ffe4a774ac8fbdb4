package swarmformer.cluster;

import java.io.IOException;
import java.io.PrintStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Locale;
import java.util.Timer;
import java.util.TimerTask;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.apache.spark.sql.SparkSession;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import swarmformer.errors.DeviceException;

/**
 * The master that an application asks for executors. Where it does not answer, Spark waits for a
 * minute, tells it to its log alone, and fails later with something else.
 *
 * @param url as {@code spark.master} has it
 * @param progress where to tell what is waited for
 */
public record Master(String url, PrintStream progress) {
  private static final String STANDALONE = "spark://";
  private static final String KUBERNETES = "k8s://";

  private static final Logger LOG = LoggerFactory.getLogger(Master.class);

  /** Spark's client of Kubernetes goes through a proxy where one of these names one. */
  private static final List<String> PROXIES =
      List.of("HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy");

  private static final int CONNECT_MS = 5_000;
  private static final int RETRY_MS = 1_000;
  private static final int GIVE_UP_MS = 10_000;
  private static final int TELL_EVERY_MS = 15_000;

  /** What Spark calls an application that no master has named. */
  private static final String UNNAMED = "spark-application-";

  /**
   * Opens Spark on it.
   *
   * @throws DeviceException if it cannot be reached, or takes no application, or Spark does not
   *     start with these settings
   */
  public SparkSession open(Supplier<SparkSession> opening) {
    awaitAnswer();
    long start = System.nanoTime();
    Timer clock = showWaiting(start);
    try {
      SparkSession session = start(opening);
      if (url.startsWith(STANDALONE) && hasNoName(session)) {
        session.stop();
        throw new DeviceException(
            String.format(
                Locale.ROOT,
                "Cannot run on %s: it took no application in %d s. Check that a master of Spark %s listens there, with the same spark.authenticate settings.",
                url,
                secondsSince(start),
                SparkVersion.running().text()));
      }
      return session;
    } finally {
      clock.cancel();
    }
  }

  private SparkSession start(Supplier<SparkSession> opening) {
    try {
      return opening.get();
    } catch (Exception e) { // also checked ones, which Scala does not declare
      LOG.error("Spark does not start", e);
      throw new DeviceException(
          "Cannot start Spark on %s: %s. Correct its settings; the log has more."
              .formatted(url, reason(e)),
          e);
    }
  }

  /** The innermost cause says it. */
  private static String reason(Throwable failure) {
    Throwable cause = failure;
    while (cause.getCause() != null) {
      cause = cause.getCause();
    }
    String message = String.valueOf(cause.getMessage()).strip().replaceFirst("\\.$", "");
    String said = message.replaceFirst("^requirement failed: ", "");
    return cause instanceof IOException
        ? cause.getClass().getSimpleName() + ": " + said // an address alone, for instance
        : said;
  }

  private Timer showWaiting(long start) {
    Timer clock = new Timer("waiting", true);
    if (!url.startsWith("local")) {
      TimerTask line =
          new TimerTask() {
            @Override
            public void run() {
              tell("Waiting for %s to take the application: %d s.", url, secondsSince(start));
            }
          };
      clock.scheduleAtFixedRate(line, TELL_EVERY_MS, TELL_EVERY_MS);
    }
    return clock;
  }

  private static boolean hasNoName(SparkSession session) {
    return session.sparkContext().applicationId().startsWith(UNNAMED);
  }

  /** Waits a little for a master that is just being started. */
  private void awaitAnswer() {
    List<InetSocketAddress> addresses = addresses();
    long start = System.nanoTime();
    String fault = addresses.isEmpty() ? "" : firstFault(addresses);
    if (!fault.isEmpty()) {
      tell("Waiting for %s to answer (%s).", url, fault);
    }
    while (!fault.isEmpty()) {
      if (secondsSince(start) * 1_000 >= GIVE_UP_MS) {
        throw new DeviceException(
            "Cannot reach the master %s: %s. Check that it runs and that this is its address, and set --master."
                .formatted(url, fault));
      }
      pause();
      fault = firstFault(addresses);
    }
  }

  /** Addresses of the masters, of which one has to answer; none where Spark finds it by itself. */
  private List<InetSocketAddress> addresses() {
    if (url.startsWith(STANDALONE)) {
      return Stream.of(url.substring(STANDALONE.length()).split(","))
          .map(address -> address(URI.create(STANDALONE + address), 7077))
          .toList();
    }
    if (url.startsWith(KUBERNETES) && PROXIES.stream().allMatch(it -> System.getenv(it) == null)) {
      String server = url.substring(KUBERNETES.length());
      URI uri = URI.create(server.contains("://") ? server : "https://" + server);
      return List.of(address(uri, "http".equals(uri.getScheme()) ? 80 : 443));
    }
    return List.of();
  }

  private static InetSocketAddress address(URI uri, int usualPort) {
    return InetSocketAddress.createUnresolved(
        uri.getHost(), uri.getPort() < 0 ? usualPort : uri.getPort());
  }

  /** Why none of the addresses answers, by the first of them; empty if one does. */
  private static String firstFault(List<InetSocketAddress> addresses) {
    List<String> faults = addresses.stream().map(Master::fault).toList();
    return faults.contains("") ? "" : faults.get(0);
  }

  private static String fault(InetSocketAddress unresolved) {
    InetSocketAddress address =
        new InetSocketAddress(unresolved.getHostString(), unresolved.getPort());
    try (Socket socket = new Socket()) {
      socket.connect(address, CONNECT_MS);
      return "";
    } catch (UnknownHostException e) {
      return "unknown host " + unresolved.getHostString();
    } catch (IOException e) {
      return e.getMessage();
    }
  }

  private static void pause() {
    try {
      TimeUnit.MILLISECONDS.sleep(RETRY_MS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Interrupted while waiting for the master", e);
    }
  }

  private void tell(String format, Object... values) {
    progress.println(String.format(Locale.ROOT, format, values));
  }

  private static long secondsSince(long start) {
    return TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - start);
  }
}
