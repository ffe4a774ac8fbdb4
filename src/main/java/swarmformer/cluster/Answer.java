package swarmformer.cluster;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.util.List;
import org.apache.spark.SparkEnv;
import org.apache.spark.rdd.RDD;
import scala.collection.Iterator;
import scala.jdk.javaapi.CollectionConverters;
import scala.runtime.AbstractFunction1;

/**
 * What an executor has answered. It travels as bytes, because {@code spark.serializer}, which
 * carries the results of tasks, may not know its class.
 *
 * @param executor its name
 * @param value the answer
 */
record Answer<T extends Serializable>(String executor, T value) implements Serializable {
  byte[] toBytes() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(this);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  /** Runs tasks that answer, and gives what they have answered. */
  static <T extends Serializable> List<Answer<T>> of(RDD<byte[]> tasks) {
    return tasks.toJavaRDD().collect().stream().map(Answer::<T>parse).toList();
  }

  @SuppressWarnings("unchecked") // written by toBytes, in an application of one jar
  private static <T extends Serializable> Answer<T> parse(byte[] bytes) {
    try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(bytes))) {
      return (Answer<T>) in.readObject();
    } catch (IOException | ClassNotFoundException e) {
      throw new IllegalStateException("The answer of an executor cannot be read", e);
    }
  }

  /** Asks a question on an executor, and gives the answer. */
  static final class Task extends AbstractFunction1<Iterator<String>, Iterator<byte[]>>
      implements Serializable {
    private static final long serialVersionUID = 1L;

    private final Question<?> question;

    Task(Question<?> question) {
      this.question = question;
    }

    @Override
    public Iterator<byte[]> apply(Iterator<String> slot) {
      Answer<?> answer = new Answer<>(SparkEnv.get().executorId(), question.answer());
      return CollectionConverters.asScala(List.of(answer.toBytes()).iterator());
    }
  }
}
