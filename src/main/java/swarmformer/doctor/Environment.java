package swarmformer.doctor;

import java.io.IOException;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.spark.SparkEnv;
import org.apache.spark.package$;
import swarmformer.scoring.OwnJar;

/**
 * What a process finds around it. An empty text stands for what the system does not tell.
 *
 * @param executor Spark's name of the process, {@code driver} for the driver
 * @param host name or address of the machine
 * @param java version and vendor
 * @param spark version
 * @param glibc version of the C library, which libtorch is linked to
 * @param jar first digits of the SHA-256 of the archive that holds this class
 * @param gpuDriver version of NVIDIA's driver
 * @param heapBytes greatest size of the heap
 * @param freeMemoryBytes memory of the machine that is not in use
 * @param freeDiskBytes least room on the disks that Spark writes to
 */
public record Environment(
    String executor,
    String host,
    String java,
    String spark,
    String glibc,
    String jar,
    String gpuDriver,
    long heapBytes,
    long freeMemoryBytes,
    long freeDiskBytes)
    implements Serializable {
  /** Digits of a hash that are enough to tell files apart. */
  static final int HASH_DIGITS = 16;

  private static final Pattern C_LIBRARY = Pattern.compile("/\\S*/libc(\\.so\\.6|-2\\.\\d+\\.so)");
  private static final Pattern GLIBC =
      Pattern.compile("GNU C Library [^\\n]*version (\\d+\\.\\d+)");
  private static final Pattern NVIDIA = Pattern.compile("Kernel Module.*?\\s(\\d+\\.[\\d.]+)");
  private static final Pattern AVAILABLE = Pattern.compile("MemAvailable:\\s*(\\d+) kB");

  /** Whether the process is the driver, be it an executor, too, or not. */
  boolean isDriver() {
    return executor.equals("driver");
  }

  /** Looks around in this process, a driver or executor of Spark. */
  static Environment look() {
    SparkEnv spark = SparkEnv.get();
    return new Environment(
        spark.executorId(),
        spark.blockManager().blockManagerId().host(),
        System.getProperty("java.version") + " (" + System.getProperty("java.vendor") + ")",
        package$.MODULE$.SPARK_VERSION(),
        cLibrary(),
        OwnJar.sha256().map(hash -> hash.substring(0, HASH_DIGITS)).orElse(""),
        gpuDriver(text(Path.of("/proc/driver/nvidia/version"))),
        Runtime.getRuntime().maxMemory(),
        availableBytes(),
        freeDiskBytes(spark.blockManager().diskBlockManager().localDirsString()));
  }

  /** Version of NVIDIA's kernel module, open or not, from what it tells of itself. */
  static String gpuDriver(String told) {
    return first(NVIDIA, told);
  }

  /** Java does not tell it, but the library itself says which it is. */
  private static String cLibrary() {
    Matcher library = C_LIBRARY.matcher(text(Path.of("/proc/self/maps")));
    return library.find() ? first(GLIBC, text(Path.of(library.group()))) : "";
  }

  private static long availableBytes() {
    String kib = first(AVAILABLE, text(Path.of("/proc/meminfo")));
    return kib.isEmpty() ? 0 : Long.parseLong(kib) * 1_024;
  }

  private static long freeDiskBytes(String... folders) {
    return Stream.of(folders)
        .map(folder -> Path.of(folder).toFile().getUsableSpace())
        .min(Long::compare)
        .orElse(0L);
  }

  private static String first(Pattern pattern, String text) {
    return Optional.of(pattern.matcher(text))
        .filter(Matcher::find)
        .map(found -> found.group(1))
        .orElse("");
  }

  private static String text(Path file) {
    try {
      return Files.readString(file, StandardCharsets.ISO_8859_1);
    } catch (IOException absent) {
      return "";
    }
  }
}
