package swarmformer.scoring;

import org.apache.spark.sql.Row;
import scala.Tuple2;
import scala.jdk.javaapi.CollectionConverters;
import swarmformer.tokens.Tokens;

/**
 * What is kept of a row: no longer its text, unless that is carried along.
 *
 * @param carried values of the carried columns
 * @param tokens its token ids; null if it has an error
 * @param emitted token ids to write; null if none are, or it has an error
 * @param error why it cannot be scored, a kind and perhaps details after a colon; null if it can
 * @param undecodable whether the text holds U+FFFD, what bytes that are not UTF-8 are read as
 * @param label what its label is
 */
@SuppressWarnings("ArrayRecordComponent") // one allocation for each row: never compared
public record TokenizedRow(
    Object[] carried,
    Tokens tokens,
    int[] emitted,
    String error,
    boolean undecodable,
    Label label) {
  /** Error of a record that is not of the form of its file. */
  public static final String MALFORMED = "malformed record";

  /** Error of a row that the memory of its device did not suffice for, alone. */
  public static final String OUT_OF_MEMORY = "out of device memory";

  /** Error of a row whose logits are NaN or infinite: the weights of the model overflow. */
  public static final String NOT_FINITE = "NaN or infinite logits";

  /** About what a reference and a boxed number take. */
  private static final int ELEMENT_BYTES = 24;

  /** The label of a row that was parsed. */
  enum Label {
    /** There is none. */
    ABSENT,
    /** It is a class of the model. */
    KNOWN,
    /** It was given, and is not a class of the model. */
    UNRECOGNISED
  }

  boolean scorable() {
    return tokens != null;
  }

  /** Number of its token ids; 0 if it has an error. */
  int length() {
    return tokens == null ? 0 : tokens.ids().length;
  }

  /** About what it takes on the heap, where it is large. */
  long bytes() {
    long bytes = (long) (emitted == null ? length() : emitted.length) * Integer.BYTES;
    for (Object value : carried) {
      bytes += bytes(value);
    }
    return bytes;
  }

  private static long bytes(Object value) {
    if (value instanceof String text) {
      return (long) text.length() * Character.BYTES;
    }
    if (value instanceof byte[] binary) {
      return binary.length;
    }
    long bytes = 0;
    if (value instanceof Row row) {
      for (int i = 0; i < row.length(); i++) {
        bytes += bytes(row.get(i));
      }
    } else if (value instanceof scala.collection.Iterable<?> many) { // of an array or a map
      bytes += (long) ELEMENT_BYTES * many.size();
      for (Object each : CollectionConverters.asJava(many)) {
        bytes += bytes(each);
      }
    } else if (value instanceof Tuple2<?, ?> entry) {
      bytes += bytes(entry._1()) + bytes(entry._2());
    }
    return bytes;
  }
}
