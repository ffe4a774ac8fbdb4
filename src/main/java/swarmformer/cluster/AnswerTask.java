package swarmformer.cluster;

import java.io.Serializable;
import java.util.List;
import org.apache.spark.SparkEnv;
import scala.collection.Iterator;
import scala.jdk.javaapi.CollectionConverters;
import scala.runtime.AbstractFunction1;

/** Asks a question on an executor, and gives the {@link Answer}. */
final class AnswerTask extends AbstractFunction1<Iterator<String>, Iterator<byte[]>>
    implements Serializable {
  private static final long serialVersionUID = 1L;

  private final Question<?> question;

  AnswerTask(Question<?> question) {
    this.question = question;
  }

  @Override
  public Iterator<byte[]> apply(Iterator<String> slot) {
    Answer<?> answer = new Answer<>(SparkEnv.get().executorId(), question.answer());
    return CollectionConverters.asScala(List.of(answer.toBytes()).iterator());
  }
}
