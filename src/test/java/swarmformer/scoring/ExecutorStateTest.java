package swarmformer.scoring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.Device;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import swarmformer.Golden;
import swarmformer.checkpoint.ModelFiles;
import swarmformer.errors.DeviceMemoryException;
import swarmformer.model.TorchEngine;
import swarmformer.models.Checkpoints;

final class ExecutorStateTest {
  private static final TaskDevice GPU = new TaskDevice(Device.gpu(0), "7", null);

  private final ExecutorState executor = new ExecutorState(ExecutorModel::load);
  private final ModelFiles files =
      new Checkpoints(new Configuration(), Map.of()).read(Golden.file("tiny/a").toString());

  @Test
  void guardsEachGpuWithPermitsOfItsOwn() {
    Semaphore first = executor.permits(Device.gpu(0), 2);
    assertThat(first.availablePermits()).isEqualTo(2);
    assertThat(first.isFair()).isTrue();
    assertThat(executor.permits(Device.gpu(0), 2)).isSameAs(first);
    assertThat(executor.permits(Device.gpu(1), 2)).isNotSameAs(first);
  }

  @Test
  void doesNotHoldUpCpus() {
    assertThat(executor.permits(Device.cpu(), 1).availablePermits()).isEqualTo(Integer.MAX_VALUE);
  }

  /** An executor whose GPU is full. */
  private static ExecutorState full(List<Device> asked) {
    return new ExecutorState(
        (files, device, settings, load) -> {
          asked.add(device);
          if (device.isGpu()) {
            throw new DeviceMemoryException("full", null);
          }
          return ExecutorModel.load(files, device, settings, load);
        });
  }

  @Test
  void placesAModelOnTheCpuIfTheGpuIsFull() {
    TorchEngine.start(1);
    List<Device> asked = new ArrayList<>();
    ExecutorState scarce = full(asked);
    ExecutorState.Placed first = scarce.place(files, CpuSettings.onDevice("auto"), GPU);
    ExecutorState.Placed second = scarce.place(files, CpuSettings.onDevice("auto"), GPU);
    assertThat(first.device()).isEqualTo(new TaskDevice(Device.cpu(), "7", "full"));
    assertThat(first.model().network().device()).isEqualTo(Device.cpu());
    assertThat(second).isEqualTo(first);
    assertThat(asked).containsExactly(Device.gpu(0), Device.cpu());
  }

  @Test
  void asksTheGpuAgainIfThatWasAskedFor() {
    List<Device> asked = new ArrayList<>();
    ExecutorState scarce = full(asked);
    for (int task = 0; task < 2; task++) {
      assertThatThrownBy(() -> scarce.place(files, CpuSettings.onDevice("cuda"), GPU))
          .isInstanceOf(DeviceMemoryException.class);
    }
    assertThat(asked).containsExactly(Device.gpu(0), Device.gpu(0));
  }
}
