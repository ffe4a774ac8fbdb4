package swarmformer.data;

import java.nio.charset.Charset;
import java.util.Map;
import java.util.Optional;

/**
 * The first record of a CSV file.
 *
 * @param encoding name of the charset
 * @param quote what quotes values; empty if nothing does
 * @param escape what escapes a quote inside quotes
 * @param comment what a line that is not a record begins with; empty if there are none
 * @param lineEnd what ends a line; empty for the usual ones
 */
record CsvHeader(String encoding, String quote, String escape, String comment, String lineEnd)
    implements FileHeads.Wanted {
  private static final String USUAL_ENDS = "\r\n";

  static CsvHeader of(Map<String, String> options) {
    String encoding = ReadOptions.get(options, "encoding");
    return new CsvHeader(
        encoding.isEmpty() ? "UTF-8" : encoding,
        ReadOptions.has(options, "quote") ? ReadOptions.get(options, "quote") : "\"",
        ReadOptions.get(options, "escape"),
        ReadOptions.get(options, "comment"),
        ReadOptions.get(options, "lineSep"));
  }

  @Override
  public boolean isEnough(byte[] head) {
    String text = text(head);
    int start = start(text);
    return start < text.length() && end(text, start) < text.length();
  }

  /** The record without its end; empty if there is none. */
  Optional<String> record(byte[] head) {
    String text = text(head);
    int start = start(text);
    return start < text.length()
        ? Optional.of(text.substring(start, end(text, start)))
        : Optional.empty();
  }

  private String text(byte[] head) {
    String text = new String(head, Charset.forName(encoding));
    return text.startsWith("\uFEFF") ? text.substring(1) : text;
  }

  /** Where the first line begins that is neither blank nor a comment. */
  private int start(String text) {
    int start = 0;
    while (start < text.length()) {
      int end = end(text, start);
      String line = text.substring(start, end);
      boolean isComment = !comment.isEmpty() && line.startsWith(comment);
      if (!line.isBlank() && !isComment) {
        return start;
      }
      start = end + 1;
    }
    return text.length();
  }

  /** Where the record ends that begins there. */
  private int end(String text, int start) {
    boolean quoted = false;
    for (int i = start; i < text.length(); i++) {
      if (quoted && !escape.equals(quote) && text.startsWith(escape, i) && !escape.isEmpty()) {
        i++;
      } else if (!quote.isEmpty() && text.startsWith(quote, i)) {
        quoted = !quoted;
      } else if (!quoted && endsLine(text, i)) {
        return i;
      }
    }
    return text.length();
  }

  private boolean endsLine(String text, int position) {
    return lineEnd.isEmpty()
        ? USUAL_ENDS.indexOf(text.charAt(position)) >= 0
        : text.startsWith(lineEnd, position);
  }
}
