package swarmformer.doctor;

import java.io.Serializable;
import java.util.List;
import org.apache.spark.SparkEnv;
import scala.collection.Iterator;
import scala.jdk.javaapi.CollectionConverters;
import scala.runtime.AbstractFunction1;

/** Tells what the clock of an executor shows. */
final class TellTime extends AbstractFunction1<Iterator<Integer>, Iterator<TellTime.Time>>
    implements Serializable {
  private static final long serialVersionUID = 1L;

  /** An executor and its time, in milliseconds. */
  record Time(String executor, long millis) implements Serializable {}

  @Override
  public Iterator<Time> apply(Iterator<Integer> slot) {
    Time time = new Time(SparkEnv.get().executorId(), System.currentTimeMillis());
    return CollectionConverters.asScala(List.of(time).iterator());
  }
}
