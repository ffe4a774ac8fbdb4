package swarmformer.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.delta.exceptions.ConcurrentAppendException;
import io.delta.exceptions.MetadataChangedException;
import io.delta.exceptions.ProtocolChangedException;
import java.util.stream.Stream;
import org.apache.iceberg.exceptions.CommitFailedException;
import org.apache.iceberg.exceptions.ValidationException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class TableStoreTest {
  /** The protocol changes where two create the table at once, and the metadata with the columns. */
  static Stream<Exception> refusals() {
    return Stream.of(
        new ConcurrentAppendException("refused"),
        new MetadataChangedException("refused"),
        new ProtocolChangedException("refused"),
        new CommitFailedException("refused"),
        new ValidationException("Found conflicting files that can contain records matching true"),
        new ValidationException("Cannot determine history between starting snapshot 1 and 2"));
  }

  @ParameterizedTest
  @MethodSource("refusals")
  void knowsWhenAnotherWriterWasFaster(Exception refusal) {
    assertThat(TableStore.isOvertaken(new IllegalStateException(refusal))).isTrue();
  }

  @Test
  void takesNoOtherFailureForAnotherWriter() {
    assertThat(TableStore.isOvertaken(new IllegalStateException("refused"))).isFalse();
    assertThat(
            TableStore.isOvertaken(
                new ValidationException(
                    "Cannot delete file where some, but not all, rows match filter")))
        .isFalse();
  }
}
