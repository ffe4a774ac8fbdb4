package swarmformer.training;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import swarmformer.checkpoint.Dtype;
import swarmformer.checkpoint.Safetensors;
import swarmformer.checkpoint.SafetensorsWriter;
import swarmformer.checkpoint.SwarmFormerConfig;
import swarmformer.checkpoint.Weights;
import swarmformer.checkpoint.Weights.Weight;
import swarmformer.errors.LeaseHeldException;

/**
 * A directory from which training resumes after it was killed: {@code state.json} names the file of
 * tensors that belongs to it; {@code best.safetensors} holds the best weights so far. Only one
 * process at a time holds it open.
 */
final class SavedState implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Path folder;

  private final String fingerprint;
  private final FileChannel lock;

  /**
   * The state of a training.
   *
   * @param fingerprint of recipe, texts and seed: training resumes with the same only
   * @throws LeaseHeldException if another process trains here
   */
  SavedState(Path folder, String fingerprint) throws IOException {
    this.folder = folder;
    this.fingerprint = fingerprint;
    Files.createDirectories(folder);
    this.lock =
        FileChannel.open(
            folder.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    if (lock.tryLock() == null) { // the system frees it when the process dies
      lock.close();
      throw new LeaseHeldException(
          "Cannot train with the state in %s: another training process is using it. Wait until it ends, or set another --output."
              .formatted(folder));
    }
  }

  /**
   * Where training stands.
   *
   * @param fingerprint of its recipe, texts and seed
   * @param tensors name of the file of the optimizer's state
   * @param epoch the epoch that resumes, from 0, those of pretraining included
   * @param batch its first batch that was not learned from
   * @param sums of its batches so far
   * @param part of those since the last part that the history has
   * @param seconds it took so far
   * @param history of the epochs before
   */
  record Standing(
      String fingerprint,
      String tensors,
      int epoch,
      int batch,
      LearningTask.Sums sums,
      LearningTask.Sums part,
      double seconds,
      TrainingHistory history) {}

  /**
   * What was saved last; empty if nothing was.
   *
   * @throws RecipeException if it is another training's
   */
  Optional<Standing> standing() throws IOException {
    Path file = folder.resolve("state.json");
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    Standing standing = JSON.readValue(file.toFile(), Standing.class);
    if (!standing.fingerprint().equals(fingerprint)) {
      throw new RecipeException(
          "Cannot resume the training in %s: its recipe, texts, soft labels, classes, seed, threads, device, --dtype, --from or --teacher were different. Set another --output, or delete that directory."
              .formatted(folder));
    }
    return Optional.of(standing);
  }

  Map<String, float[]> tensors(Standing standing) throws IOException {
    Path file = folder.resolve(standing.tensors());
    return Safetensors.parse(Files.readAllBytes(file), file.toString()).tensors().values().stream()
        .collect(Collectors.toMap(Safetensors.Tensor::name, Safetensors.Tensor::toFloats));
  }

  String fingerprint() {
    return fingerprint;
  }

  void save(Standing standing, List<Weight> tensors) throws IOException {
    write(standing.tensors(), SafetensorsWriter.write(tensors, Dtype.F32));
    write("state.json", JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(standing));
    for (Path file : files(folder)) {
      String name = file.getFileName().toString();
      if (name.startsWith("state-") && !name.equals(standing.tensors())) {
        Files.delete(file);
      }
    }
  }

  void saveBest(Weights weights) throws IOException {
    write("best.safetensors", SafetensorsWriter.write(weights.tensors(), Dtype.F32));
  }

  Weights best(SwarmFormerConfig config) throws IOException {
    Path file = folder.resolve("best.safetensors");
    String name = file.toString();
    return Weights.check(config, Safetensors.parse(Files.readAllBytes(file), name), name);
  }

  void saveVectors(List<float[]> vectors) throws IOException {
    Path unfinished = folder.resolve("vectors.tmp");
    try (FileOutputStream file = new FileOutputStream(unfinished.toFile());
        DataOutputStream out = new DataOutputStream(new BufferedOutputStream(file))) {
      out.writeInt(vectors.size());
      out.writeInt(vectors.get(0).length);
      for (float[] vector : vectors) {
        for (float value : vector) {
          out.writeFloat(value);
        }
      }
      out.flush();
      file.getFD().sync();
    }
    Files.move(unfinished, vectorsFile(), StandardCopyOption.ATOMIC_MOVE);
  }

  /** The vectors of texts that the same training has fitted before; empty if it has not. */
  Optional<List<float[]>> vectors() throws IOException {
    if (!Files.exists(vectorsFile())) {
      return Optional.empty();
    }
    try (DataInputStream in =
        new DataInputStream(new BufferedInputStream(Files.newInputStream(vectorsFile())))) {
      int count = in.readInt();
      int width = in.readInt();
      List<float[]> vectors = new ArrayList<>(count);
      for (int row = 0; row < count; row++) {
        float[] vector = new float[width];
        for (int i = 0; i < width; i++) {
          vector[i] = in.readFloat();
        }
        vectors.add(vector);
      }
      return Optional.of(vectors);
    }
  }

  private Path vectorsFile() {
    return folder.resolve("vectors-" + fingerprint);
  }

  static void delete(Path folder) throws IOException {
    for (Path file : files(folder)) {
      Files.delete(file);
    }
    Files.delete(folder);
  }

  private static List<Path> files(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.toList();
    }
  }

  @Override
  public void close() throws IOException {
    lock.close();
  }

  /** Whole or not at all, also where the power goes. */
  private void write(String name, byte[] content) throws IOException {
    Path unfinished = folder.resolve(name + ".tmp");
    try (FileOutputStream file = new FileOutputStream(unfinished.toFile())) {
      file.write(content);
      file.getFD().sync();
    }
    Files.move(unfinished, folder.resolve(name), StandardCopyOption.ATOMIC_MOVE);
  }
}
