package swarmformer.data;

import java.io.Closeable;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Pattern;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import swarmformer.errors.LeaseHeldException;

/**
 * The right of this process alone to write something, until it gives it up or is silent for too
 * long.
 *
 * <p>A lease is a file {@code NAME,EPOCH.lease} that its owner creates and writes again and again.
 * Of several, the highest epoch holds. Who finds the holder dead creates the next epoch: exactly
 * one process can, and the one that was believed dead sees it before it publishes ({@link #check}).
 *
 * <p>An owner on this machine is dead as soon as its process is. Any other is dead when it has not
 * written its file for {@link #TIMEOUT}, by the clock of the storage or, watched from here, by
 * ours: no two clocks are compared.
 */
final class Lease implements Closeable {
  /** Setting of Hadoop, a duration such as {@code 5m}: how long an owner may be silent. */
  static final String TIMEOUT = "swarmformer.lease.timeout";

  private static final Duration DEFAULT_TIMEOUT = Duration.ofMinutes(2);

  /** So many beats may fail in a row. */
  private static final int BEATS_IN_A_TIMEOUT = 8;

  private static final long LOOK_EVERY_MS = 500;
  private static final String SUFFIX = ".lease";

  /** What follows the name in that of a lease's file, or of a directory of its owner. */
  private static final Pattern OF_A_LEASE =
      Pattern.compile("\\d+" + Pattern.quote(SUFFIX) + "|[0-9a-f-]{36}");

  private static final Logger LOG = LoggerFactory.getLogger(Lease.class);

  private final LeaseFiles files;
  private final String name;
  private final String title;
  private final long timeoutMs;
  private final LeaseOwner owner;
  private long epoch;
  private final ScheduledExecutorService clock =
      Executors.newSingleThreadScheduledExecutor(Lease::daemon);

  private Lease(
      Configuration hadoop,
      LeaseFiles files,
      String name,
      String title,
      String target,
      boolean clears) {
    this.files = files;
    this.name = name;
    this.title = title;
    this.timeoutMs =
        hadoop.getTimeDuration(TIMEOUT, DEFAULT_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
    this.owner = LeaseOwner.ofThisProcess(target, clears);
  }

  /**
   * Acquires a lease. Where the holder may be dead and only time can tell, or only clears away what
   * a dead one has left, waits for as long as it takes.
   *
   * @param directory where the files of leases are
   * @param name what is leased, without a comma
   * @param title what messages call it
   * @param target path of a directory that is published under this lease; empty if there is none
   * @throws LeaseHeldException if a live process holds it
   */
  static Lease acquire(
      Configuration hadoop, LeaseFiles directory, String name, String title, String target)
      throws IOException {
    Lease lease = new Lease(hadoop, directory, name, title, target, false);
    lease.acquire(true);
    return lease;
  }

  /** Acquires a lease to clear away what its holder has left, if that one is known to be dead. */
  static Optional<Lease> acquireIfDead(Configuration hadoop, LeaseFiles directory, String name)
      throws IOException {
    Lease lease = new Lease(hadoop, directory, name, name, "", true);
    try {
      lease.acquire(false);
      return Optional.of(lease);
    } catch (LeaseHeldException e) {
      return Optional.empty();
    }
  }

  private void acquire(boolean wait) throws IOException {
    long seen = 0;
    byte[] content = new byte[0];
    long silentSince = 0;
    Optional<LeaseOwner> known = Optional.empty();
    while (true) {
      long top = epochs().max().orElse(0);
      byte[] now = files.read(file(top));
      Optional<LeaseOwner> holder = LeaseOwner.parse(now);
      if (holder.isEmpty() && top == seen) {
        holder = known; // it is writing its file
      }
      Optional<LeaseOwner> visible = holder.filter(LeaseOwner::isVisible);
      boolean hasBeaten = top == seen && !Arrays.equals(content, now);
      if (top != seen) {
        silentSince = System.nanoTime() - TimeUnit.MILLISECONDS.toNanos(silentMs(top, visible));
      } else if (hasBeaten) { // however long this process was stopped meanwhile
        silentSince = System.nanoTime();
      }
      if (top == 0 || isDead(visible, silentSince)) {
        if (files.create(file(top + 1), owner.toJson())) {
          epoch = top + 1;
          startBeating();
          return;
        }
        seen = 0;
        continue;
      }
      boolean isCleared = holder.map(LeaseOwner::clears).orElse(false);
      if (!wait || ((hasBeaten || visible.isPresent()) && !isCleared)) {
        throw held(holder);
      }
      if (top != seen && !isCleared) {
        tellThatItWaits(holder);
      }
      seen = top;
      content = now;
      known = holder;
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(LOOK_EVERY_MS));
    }
  }

  private boolean isDead(Optional<LeaseOwner> visible, long silentSince) {
    return visible
        .map(owner -> !owner.isRunning())
        .orElseGet(
            () -> System.nanoTime() - silentSince >= TimeUnit.MILLISECONDS.toNanos(timeoutMs));
  }

  /** For how long a holder that cannot be seen has not written, by the clock of the storage. */
  private long silentMs(long held, Optional<LeaseOwner> visible) throws IOException {
    if (held == 0 || visible.isPresent()) {
      return 0;
    }
    long now = files.now("." + token());
    try {
      return now - files.modified(file(held));
    } catch (FileNotFoundException e) {
      return 0; // it was given up at this moment
    }
  }

  private void tellThatItWaits(Optional<LeaseOwner> holder) {
    System.err.printf(
        Locale.ROOT,
        "Waiting up to %d s: %s is writing %s, or has died.%n",
        timeoutMs / 1_000,
        describe(holder),
        title);
  }

  private LongStream epochs() throws IOException {
    return files.names().stream().flatMap(this::epochOf).mapToLong(Long::longValue);
  }

  private Stream<Long> epochOf(String file) {
    String prefix = name + ",";
    return file.startsWith(prefix) && file.endsWith(SUFFIX)
        ? Stream.of(
            Long.parseLong(file.substring(prefix.length(), file.length() - SUFFIX.length())))
        : Stream.empty();
  }

  private String file(long ofEpoch) {
    return name + "," + ofEpoch + SUFFIX;
  }

  /** The name of what a file in the directory belongs to; empty if it belongs to no lease. */
  static Optional<String> nameOf(String file) {
    int comma = file.indexOf(',');
    return comma > 0 && OF_A_LEASE.matcher(file.substring(comma + 1)).matches()
        ? Optional.of(file.substring(0, comma))
        : Optional.empty();
  }

  /** Whether a directory is of an owner of the lease of that name. */
  static boolean isAttempt(String directory, String name) {
    return nameOf(directory).filter(name::equals).isPresent() && !directory.endsWith(SUFFIX);
  }

  /** The token of the lease that a directory was made under. */
  static String tokenOf(String attempt) {
    return attempt.substring(attempt.indexOf(',') + 1);
  }

  /** What the owners of the lease of a name publish, by their tokens. */
  static Map<String, String> targets(LeaseFiles directory, String name) throws IOException {
    Map<String, String> targets = new HashMap<>();
    for (String file : directory.names()) {
      if (nameOf(file).filter(name::equals).isPresent() && file.endsWith(SUFFIX)) {
        LeaseOwner.parse(directory.read(file))
            .ifPresent(owner -> targets.put(owner.token(), owner.target()));
      }
    }
    return targets;
  }

  /** Name for a directory of this process alone, beside the file of the lease. */
  String attempt() {
    return name + "," + token();
  }

  /** Random, and this lease's alone. */
  String token() {
    return owner.token();
  }

  private LeaseHeldException held(Optional<LeaseOwner> holder) {
    return new LeaseHeldException(
        "Cannot write %s: %s is writing it. Wait for it, or stop it."
            .formatted(title, describe(holder)));
  }

  private static String describe(Optional<LeaseOwner> holder) {
    return holder
        .map(it -> String.format(Locale.ROOT, "process %d on %s", it.pid(), it.host()))
        .orElse("another process");
  }

  /**
   * Makes sure that this process still holds the lease.
   *
   * @throws LeaseHeldException if another one has taken it over
   */
  void check() {
    try {
      requireHeld();
    } catch (IOException e) {
      throw Failures.ofWriting(files.path("").toString(), e);
    }
  }

  private synchronized void requireHeld() throws IOException {
    long top = epochs().max().orElse(0);
    Optional<LeaseOwner> holder = LeaseOwner.parse(files.read(file(top)));
    if (top != epoch || !holder.map(it -> it.token().equals(token())).orElse(true)) {
      throw new LeaseHeldException(
          String.format(
              Locale.ROOT,
              "Cannot publish %s: this process gave no sign of life for %d s, and %s has taken over. It has published nothing.",
              title,
              timeoutMs / 1_000,
              describe(holder)));
    }
  }

  private synchronized void beat(long count) throws IOException {
    requireHeld();
    files.write(file(epoch), owner.withBeat(count).toJson());
  }

  @SuppressWarnings("FutureReturnValueIgnored") // a beat that fails is tried again
  private void startBeating() {
    long everyMs = Math.max(1, timeoutMs / BEATS_IN_A_TIMEOUT);
    clock.scheduleWithFixedDelay(new Beat(), everyMs, everyMs, TimeUnit.MILLISECONDS);
  }

  private final class Beat implements Runnable {
    private long count;

    @Override
    public void run() {
      try {
        beat(++count);
      } catch (LeaseHeldException e) {
        LOG.warn(e.getMessage());
        clock.shutdown();
      } catch (IOException | RuntimeException e) {
        LOG.warn("Cannot renew the lease of {}, trying again: {}", title, e.toString());
      }
    }
  }

  private static Thread daemon(Runnable task) {
    Thread thread = new Thread(task, "lease");
    thread.setDaemon(true);
    return thread;
  }

  /** Gives the lease up, if this process holds it. */
  @Override
  public void close() throws IOException {
    clock.shutdownNow();
    try {
      clock.awaitTermination(timeoutMs, TimeUnit.MILLISECONDS); // a beat would write it again
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    try {
      requireHeld();
      for (long held : epochs().sorted().toArray()) {
        files.delete(file(held));
      }
    } catch (LeaseHeldException e) {
      // What is there is the new holder's.
    }
    files.removeIfEmpty();
  }
}
