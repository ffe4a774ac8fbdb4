package swarmformer.data;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * Finds the JSON objects in a text: one after the other, or in arrays.
 *
 * <p>A text that holds anything else is broken: a line as a whole; of a file only what follows the
 * last object that is not.
 */
final class JsonDocuments implements UDF1<String, List<Row>> {
  private static final long serialVersionUID = 1L;

  /** Field of a document's text. */
  static final String TEXT = "text";

  /** Field that says that the text is no object, or more than that. */
  static final String BROKEN = "broken";

  static final ArrayType SCHEMA =
      DataTypes.createArrayType(
          new StructType()
              .add(TEXT, DataTypes.StringType, false)
              .add(BROKEN, DataTypes.BooleanType, false),
          false);

  /** What Spark's reader takes, and whether it does without being asked. */
  private static final Map<JsonReadFeature, Boolean> FEATURES =
      Map.of(
          JsonReadFeature.ALLOW_JAVA_COMMENTS, false,
          JsonReadFeature.ALLOW_SINGLE_QUOTES, true,
          JsonReadFeature.ALLOW_UNQUOTED_FIELD_NAMES, false,
          JsonReadFeature.ALLOW_LEADING_ZEROS_FOR_NUMBERS, false,
          JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS, true,
          JsonReadFeature.ALLOW_BACKSLASH_ESCAPING_ANY_CHARACTER, false,
          JsonReadFeature.ALLOW_UNESCAPED_CONTROL_CHARS, false);

  private static final Map<JsonReadFeature, String> OPTIONS =
      Map.of(
          JsonReadFeature.ALLOW_JAVA_COMMENTS, "allowComments",
          JsonReadFeature.ALLOW_SINGLE_QUOTES, "allowSingleQuotes",
          JsonReadFeature.ALLOW_UNQUOTED_FIELD_NAMES, "allowUnquotedFieldNames",
          JsonReadFeature.ALLOW_LEADING_ZEROS_FOR_NUMBERS, "allowNumericLeadingZeros",
          JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS, "allowNonNumericNumbers",
          JsonReadFeature.ALLOW_BACKSLASH_ESCAPING_ANY_CHARACTER,
              "allowBackslashEscapingAnyCharacter",
          JsonReadFeature.ALLOW_UNESCAPED_CONTROL_CHARS, "allowUnquotedControlChars");

  /** An escape of JSON, of a UTF-16 surrogate or not. */
  private static final Pattern ESCAPE = Pattern.compile("\\\\(?:u([0-9a-fA-F]{4})|.)");

  private static final String REPLACEMENT = "\\\\uFFFD";

  private final JsonFactory json;
  private final boolean wholeFiles;

  private JsonDocuments(JsonFactory json, boolean wholeFiles) {
    this.json = json;
    this.wholeFiles = wholeFiles;
  }

  /**
   * Finds what Spark would read.
   *
   * @param options of Spark's reader
   * @param wholeFiles whether texts are files, not lines
   */
  static JsonDocuments of(Map<String, String> options, boolean wholeFiles) {
    JsonFactoryBuilder builder = new JsonFactoryBuilder();
    FEATURES.forEach(
        (feature, usual) -> {
          String name = OPTIONS.get(feature);
          boolean wanted =
              ReadOptions.has(options, name) ? ReadOptions.isTrue(options, name) : usual;
          builder.configure(feature, wanted);
        });
    builder.streamReadConstraints(
        StreamReadConstraints.builder().maxStringLength(Integer.MAX_VALUE).build());
    return new JsonDocuments(builder.build(), wholeFiles);
  }

  @Override
  public List<Row> call(String text) throws IOException {
    List<Row> documents = new ArrayList<>();
    if (text == null || text.isBlank()) {
      return documents;
    }
    String content = content(text);
    int end = 0;
    try (JsonParser parser = json.createParser(content)) {
      for (JsonToken token = next(parser); token != null; token = next(parser)) {
        if (token != JsonToken.START_OBJECT) {
          return broken(content, end, documents);
        }
        int start = (int) parser.currentTokenLocation().getCharOffset();
        parser.skipChildren();
        end = (int) parser.currentLocation().getCharOffset();
        documents.add(document(content.substring(start, end), false));
      }
      return documents;
    } catch (IOException e) { // what Jackson throws for a text that is no JSON
      return broken(content, end, documents);
    }
  }

  /** Without a byte order mark, and without the comma of a line that is an element of an array. */
  private String content(String text) {
    String content = text.startsWith("\uFEFF") ? text.substring(1) : text;
    String stripped = wholeFiles ? "" : content.stripTrailing();
    return stripped.endsWith("},") ? stripped.substring(0, stripped.length() - 1) : content;
  }

  /** The next token that is not the beginning or the end of an array of objects. */
  private static JsonToken next(JsonParser parser) throws IOException {
    JsonToken token = parser.nextToken();
    while (token == JsonToken.END_ARRAY
        || (token == JsonToken.START_ARRAY && parser.getParsingContext().getParent().inRoot())) {
      token = parser.nextToken();
    }
    return token;
  }

  private List<Row> broken(String content, int end, List<Row> documents) {
    if (wholeFiles) {
      documents.add(document(content.substring(end), true));
      return documents;
    }
    return List.of(document(content, true));
  }

  private static Row document(String text, boolean broken) {
    return RowFactory.create(withoutHalves(text), broken);
  }

  /**
   * Half of a surrogate pair is no character: it becomes U+FFFD, as bytes that are not UTF-8 do.
   */
  private static String withoutHalves(String document) {
    if (!document.contains("\\ud") && !document.contains("\\uD")) {
      return document;
    }
    Matcher escapes = ESCAPE.matcher(document);
    StringBuilder whole = new StringBuilder();
    int high = -1; // where an escape of a first half has ended
    while (escapes.find()) {
      int unit = escapes.group(1) == null ? 0 : Integer.parseInt(escapes.group(1), 16);
      boolean isHigh =
          Character.isHighSurrogate((char) unit) && followedByLow(document, escapes.end());
      boolean isLow = Character.isLowSurrogate((char) unit) && high == escapes.start();
      boolean half = Character.isSurrogate((char) unit) && !isHigh && !isLow;
      escapes.appendReplacement(
          whole, half ? REPLACEMENT : Matcher.quoteReplacement(escapes.group()));
      high = isHigh ? escapes.end() : -1;
    }
    return escapes.appendTail(whole).toString();
  }

  private static boolean followedByLow(String document, int position) {
    return document.regionMatches(position, "\\u", 0, 2)
        && position + 6 <= document.length()
        && "cdefCDEF".indexOf(document.charAt(position + 3)) >= 0
        && "dD".indexOf(document.charAt(position + 2)) >= 0;
  }
}
