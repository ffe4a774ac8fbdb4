package swarmformer.doctor;

import swarmformer.cluster.Question;

/** Tells what the clock of an executor shows, in milliseconds. */
final class TellTime implements Question<Long> {
  private static final long serialVersionUID = 1L;

  @Override
  public Long answer() {
    return System.currentTimeMillis();
  }
}
