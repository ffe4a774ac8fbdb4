package swarmformer.models;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.HttpURLConnection;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.Locale;
import javax.net.ssl.SSLException;
import swarmformer.checkpoint.ModelException;

/**
 * The body of a hub's answer: ends in {@link NetworkFailure} if it is shorter than announced, which
 * {@link HttpURLConnection} does not notice, and in {@link ModelException} if it exceeds the limit.
 */
final class HubBody extends InputStream {
  private final HubModel model;
  private final URI uri;
  private final long limit;
  private final long announced;
  private final InputStream content;
  private long received;

  HubBody(HubModel model, URI uri, HttpURLConnection connection, long limit) throws NetworkFailure {
    this.model = model;
    this.uri = uri;
    this.limit = limit;
    this.announced = connection.getContentLengthLong();
    try {
      this.content = connection.getInputStream();
    } catch (IOException e) {
      throw new NetworkFailure(uri, e);
    }
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : Byte.toUnsignedInt(one[0]);
  }

  @Override
  public int read(byte[] buffer, int offset, int length) throws IOException {
    int count = receive(buffer, offset, length);
    if (count < 0 && received < announced) {
      String cut =
          String.format(Locale.ROOT, "the body ended after %d of %d bytes", received, announced);
      throw new NetworkFailure(uri, new EOFException(cut));
    }
    received += Math.max(count, 0);
    if (received > limit) {
      throw new ModelException(
          String.format(
              Locale.ROOT,
              "Cannot fetch %s: %s sent more than the %d bytes that were expected. Check that HF_ENDPOINT is a Hugging Face hub.",
              model,
              show(uri),
              limit));
    }
    return count;
  }

  @Override
  public void close() throws IOException {
    content.close();
  }

  private int receive(byte[] buffer, int offset, int length) throws NetworkFailure {
    try {
      return content.read(buffer, offset, length);
    } catch (IOException e) {
      throw new NetworkFailure(uri, e);
    }
  }

  /** An address without what may be secret in it: user name, password and query. */
  static String show(URI uri) {
    String port = uri.getPort() < 0 ? "" : ":" + uri.getPort();
    return uri.getScheme() + "://" + uri.getHost() + port + uri.getPath();
  }

  /** Trouble between us and the hub, as opposed to trouble with the local disk. */
  static final class NetworkFailure extends IOException {
    private static final long serialVersionUID = 1L;
    private final URI uri;

    NetworkFailure(URI uri, IOException cause) {
      super(cause);
      this.uri = uri;
    }

    String address() {
      return show(uri);
    }

    /** Whether an exchange had begun and was broken off, so that asking once more may help. */
    boolean isCutOff() {
      Throwable cause = getCause();
      return !(cause instanceof SocketTimeoutException
          || cause instanceof ConnectException
          || cause instanceof UnknownHostException
          || cause instanceof SSLException);
    }
  }
}
