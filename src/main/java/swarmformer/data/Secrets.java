package swarmformer.data;

import java.util.regex.Pattern;

/** What must not be written down with the place of an input, output or model. */
public final class Secrets {
  /** The password of {@code scheme://user:password@host}. */
  private static final Pattern PASSWORD = Pattern.compile("(://[^/:@]*:)[^/@]*@");

  /** The values of {@code ?name=value&name=value}. */
  private static final Pattern QUERY = Pattern.compile("([?&][^=&?]*=)[^&]*");

  private Secrets() {}

  /** A place as it may be recorded: an address without its password and the values of its query. */
  public static String without(String place) {
    return place.contains("://")
        ? QUERY.matcher(PASSWORD.matcher(place).replaceAll("$1***@")).replaceAll("$1***")
        : place;
  }
}
