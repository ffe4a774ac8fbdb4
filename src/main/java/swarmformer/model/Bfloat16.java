package swarmformer.model;

import ai.djl.Device;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import swarmformer.checkpoint.Checkpoint;

/** Whether bfloat16 pays, and does no harm, on a device. */
public final class Bfloat16 {
  private static final Path PROCESSOR = Path.of("/proc/cpuinfo");

  /** Linux's names of the instructions: x86-64's two, and ARM's. */
  private static final Set<String> INSTRUCTIONS = Set.of("amx_bf16", "avx512_bf16", "bf16");

  /** NVIDIA's major compute capability from which on GPUs multiply it. */
  private static final int AMPERE = 8;

  private static final int TEXTS = 32;

  /** Logits of two classes that are nearer to each other may change their order. */
  private static final float CLEAR = 0.05f;

  private Bfloat16() {}

  /** Whether a device multiplies it natively. On others it is slower than float32. */
  public static boolean isNative(Device device) {
    if (device.isGpu()) {
      return Cuda.majorCapability(device.getDeviceId()) >= AMPERE;
    }
    try (Stream<String> lines = Files.lines(PROCESSOR)) {
      return isNative(lines);
    } catch (IOException e) {
      return false; // no Linux
    }
  }

  /** Whether a processor does, which Linux describes in these lines. */
  static boolean isNative(Stream<String> processor) {
    return processor
        .filter(line -> line.startsWith("flags") || line.startsWith("Features"))
        .flatMap(line -> Arrays.stream(line.split("\\s+")))
        .anyMatch(INSTRUCTIONS::contains);
  }

  /**
   * Whether a model gives the same predictions in bfloat16 as in float32, toss-ups aside, for texts
   * of random tokens and all lengths.
   *
   * @throws swarmformer.errors.DeviceMemoryException if the device has no memory to tell
   */
  public static boolean agrees(Checkpoint checkpoint, Device device) {
    return agrees(checkpoint, device, Products.PLAIN);
  }

  static boolean agrees(Checkpoint checkpoint, Device device, String products) {
    int[][] texts = texts(checkpoint);
    float[][] exact = logits(checkpoint, device, Precision.FLOAT32, products, texts);
    float[][] rounded = logits(checkpoint, device, Precision.BFLOAT16, products, texts);
    return IntStream.range(0, TEXTS).allMatch(i -> agree(exact[i], rounded[i]));
  }

  private static float[][] logits(
      Checkpoint checkpoint, Device device, Precision precision, String products, int[][] texts) {
    try (SwarmFormer network =
        new SwarmFormer(checkpoint, device, precision, products, KernelCalibration.MIDDLE)) {
      float[][] rows = network.logits(texts).rows();
      if (Arrays.asList(rows).contains(null)) {
        throw DeviceMemory.noneOn(device, "for texts to compare bfloat16 with float32", null);
      }
      return rows;
    }
  }

  private static int[][] texts(Checkpoint checkpoint) {
    Random random = new Random(1);
    int longest = checkpoint.config().seqLen();
    return IntStream.range(0, TEXTS)
        .mapToObj(
            i ->
                random.ints(
                    1 + i * (longest - 1) / (TEXTS - 1), 0, checkpoint.config().vocabSize()))
        .map(IntStream::toArray)
        .toArray(int[][]::new);
  }

  /** Whether no class that was clearly behind another in float32 is before it in bfloat16. */
  static boolean agree(float[] exact, float[] rounded) {
    int chosen = Logits.greatest(rounded);
    for (float logit : exact) {
      if (logit - exact[chosen] > CLEAR) {
        return false;
      }
    }
    return Float.isFinite(rounded[chosen]);
  }
}
