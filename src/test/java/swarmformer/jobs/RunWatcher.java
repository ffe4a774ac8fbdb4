package swarmformer.jobs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A reader that looks for a run all the time and notes when it sees a part of one: a dataset that
 * is not complete, or other files than at the first look.
 */
public final class RunWatcher implements AutoCloseable {
  private static final Pattern TOKEN = Pattern.compile("\"token\":\"([^\"]+)\"");

  private final Path run;
  private final Queue<String> broken = new ConcurrentLinkedQueue<>();
  private final AtomicInteger sightings = new AtomicInteger();
  private volatile List<String> files;
  private final Thread thread = new Thread(this::watch, "run-watcher");

  private RunWatcher(Path run) {
    this.run = run;
  }

  /** Starts to look for a run. */
  public static RunWatcher watch(Path output, String runId) {
    RunWatcher watcher = new RunWatcher(output.resolve("run=" + runId));
    watcher.thread.start();
    return watcher;
  }

  /** The staging directory of a process, once it has one. */
  public static Optional<Path> staging(Path root, Process process) {
    Path staging = root.resolve("_staging");
    return names(staging).stream()
        .filter(name -> name.endsWith(".lease"))
        .map(name -> content(staging.resolve(name)))
        .filter(lease -> lease.contains("\"pid\":" + process.pid() + ","))
        .flatMap(lease -> TOKEN.matcher(lease).results())
        .flatMap(token -> names(staging).stream().filter(name -> name.endsWith(token.group(1))))
        .map(staging::resolve)
        .findFirst();
  }

  private static String content(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      return "";
    }
  }

  /** What of a run is missing; it is the first look that counts. */
  public static List<String> missing(Path run) {
    return Stream.of("predictions/_SUCCESS", "batches/_SUCCESS", "metrics/_SUCCESS", "run.json")
        .filter(file -> !Files.exists(run.resolve(file)))
        .toList();
  }

  /** The names in a directory, in order; none if there is not a directory. */
  public static List<String> names(Path folder) {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    } catch (IOException e) {
      return List.of();
    }
  }

  /** What was missing of the run while it was visible. */
  public List<String> brokenPromises() {
    return List.copyOf(broken);
  }

  /** How often the run was seen. */
  public int sightings() {
    return sightings.get();
  }

  private void watch() {
    try {
      while (true) {
        look();
        TimeUnit.MILLISECONDS.sleep(2);
      }
    } catch (InterruptedException e) {
      // Closed.
    }
  }

  private void look() {
    if (Files.exists(run)) {
      sightings.incrementAndGet();
      broken.addAll(missing(run));
      noteChange(list());
    }
  }

  private void noteChange(List<String> found) {
    if (files != null && !files.equals(found)) {
      broken.add("first there was " + files + ", then " + found);
    }
    files = found;
  }

  /** All files of the run and their sizes. */
  private List<String> list() {
    try (Stream<Path> all = Files.walk(run)) {
      return all.map(file -> file + " " + file.toFile().length()).sorted().toList();
    } catch (IOException e) {
      return List.of(e.toString());
    }
  }

  @Override
  public void close() throws InterruptedException {
    thread.interrupt();
    thread.join();
  }
}
