package swarmformer.data;

import swarmformer.errors.InputException;

/** Files that can be read and do not tell what columns they have. */
final class NoColumnsException extends InputException {
  private static final long serialVersionUID = 1L;

  /** With a message for a person. */
  NoColumnsException(String message) {
    super(message);
  }
}
