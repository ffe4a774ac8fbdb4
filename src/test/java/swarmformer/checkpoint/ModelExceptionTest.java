package swarmformer.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collections;
import org.junit.jupiter.api.Test;

class ModelExceptionTest {
  @Test
  void showsAHundredCharacters() {
    assertThat(ModelException.shown("y".repeat(100))).isEqualTo("y".repeat(100));
    assertThat(ModelException.shown("y".repeat(101))).isEqualTo("y".repeat(100) + "...");
  }

  @Test
  void listsAHundredItems() {
    String hundred = "x; ".repeat(99) + "x";
    assertThat(ModelException.listed(Collections.nCopies(100, "x"), "; ")).isEqualTo(hundred);
    assertThat(ModelException.listed(Collections.nCopies(101, "x"), "; "))
        .isEqualTo(hundred + "; and 1 more");
  }
}
