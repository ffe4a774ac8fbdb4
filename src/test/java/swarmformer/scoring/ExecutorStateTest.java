package swarmformer.scoring;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.Device;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.Test;

final class ExecutorStateTest {
  private final ExecutorState executor = new ExecutorState();

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
}
