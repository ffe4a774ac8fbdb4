package swarmformer.checkpoint;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/**
 * JSON of untrusted files: UTF-8 only, each key once, nothing after the end, bounded depth. The
 * bytes are decoded here, because Jackson would also take UTF-16 and UTF-32 for JSON.
 */
final class StrictJson {
  private static final JsonFactory FACTORY =
      JsonFactory.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
          .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(32)
                  .maxNameLength(1_000)
                  .maxNumberLength(100)
                  .maxStringLength(1 << 16)
                  .build())
          .build();

  private static final ObjectMapper TREES =
      JsonMapper.builder(FACTORY).enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build();

  private StrictJson() {}

  /** A parser of {@code length} bytes from {@code offset}; it holds no copy of them. */
  static JsonParser open(byte[] bytes, int offset, int length) throws IOException {
    return FACTORY.createParser(reader(bytes, offset, length));
  }

  /** The whole document; a missing node if there is none. */
  static JsonNode tree(byte[] bytes) throws IOException {
    return TREES.readTree(reader(bytes, 0, bytes.length));
  }

  /** Why a document was refused, to follow "it" in a message. */
  static String reason(IOException refusal) {
    if (refusal instanceof CharacterCodingException) {
      return "is not UTF-8";
    }
    if (refusal instanceof JsonProcessingException json) {
      return "is not valid JSON (" + ModelException.shown(json.getOriginalMessage()) + place(json);
    }
    return "cannot be read (" + ModelException.shown(String.valueOf(refusal.getMessage())) + ")";
  }

  private static String place(JsonProcessingException refusal) {
    var at = refusal.getLocation();
    return at == null ? ")" : ", line " + at.getLineNr() + ", column " + at.getColumnNr() + ")";
  }

  private static Reader reader(byte[] bytes, int offset, int length) {
    return new InputStreamReader(
        new ByteArrayInputStream(bytes, offset, length),
        StandardCharsets.UTF_8
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPORT)
            .onUnmappableCharacter(CodingErrorAction.REPORT));
  }
}
