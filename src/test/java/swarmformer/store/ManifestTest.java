package swarmformer.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ManifestTest {
  private static final Manifest.DataFile FILE = new Manifest.DataFile("part-0.parquet", 7, "ab");

  @Test
  void comesBackAsItWasWritten() {
    assertThat(Manifest.parse(Manifest.write(manifest()))).isEqualTo(manifest());
    assertThat(Manifest.parse(manifest().toJson())).isEqualTo(manifest());
  }

  @Test
  void isReadByPeopleAndOnOneLineByTables() {
    assertThat(Manifest.write(manifest()))
        .contains("\"config_sha256\" : \"c\"")
        .contains("\n    \"repeated_ids\" : 6");
    assertThat(manifest().toJson())
        .doesNotContain("\n")
        .contains("\"date\":\"2026-11-01\"")
        .contains("\"jar\":null");
  }

  @Test
  void takesNoteOfTheFilesThatHoldIt() {
    assertThat(manifest().withFiles(List.of(FILE)).files()).containsExactly(FILE);
    assertThat(manifest().withFiles(List.of(FILE)).withFiles(List.of())).isEqualTo(manifest());
  }

  @Test
  void needsAnAcknowledgementOnceWhereAGateHasClosed() {
    Manifest seen =
        manifest().withAcknowledgement(new Manifest.Acknowledgement("2026-11-02T08:00:00Z", "me"));
    assertThat(manifest().needsAcknowledgement()).isTrue();
    assertThat(seen.needsAcknowledgement()).isFalse();
    assertThat(seen.transaction()).isGreaterThan(manifest().transaction());
    assertThat(Manifest.parse(Manifest.write(seen))).isEqualTo(seen);
  }

  /** Another machine's clock went ahead. */
  @Test
  void aLaterPublicationHasAGreaterNumberWhateverTheClockSays() {
    long ahead = Long.MAX_VALUE / 2;
    Manifest published =
        Manifest.parse(
            manifest().toJson().replace("\"transaction\":42", "\"transaction\":" + ahead));
    assertThat(published.later()).isEqualTo(ahead + 1);
    assertThat(manifest().later()).isGreaterThan(1_700_000_000_000L);
  }

  @Test
  void isReadFromAVersionThatKnewLess() {
    String json =
        manifest()
            .toJson()
            .replace(
                ",\"acknowledged\":null,\"deletions\":[],\"estimate\":{\"accuracy\":0.875,\"temperature\":1.5}",
                "");
    assertThat(json).doesNotContain("acknowledg");
    Manifest early = Manifest.parse(json);
    assertThat(early.acknowledged()).isNull();
    assertThat(early.estimate()).isNull();
    assertThat(early.deletions()).isEmpty();
    assertThat(early.digest()).isEqualTo(manifest().digest());
  }

  @Test
  void isNotReadFromAPart() {
    String json = Manifest.write(manifest());
    assertThatThrownBy(() -> Manifest.parse(json.substring(0, json.length() / 2)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("Unexpected end-of-input");
  }

  private static Manifest manifest() {
    return new Manifest(
        "2026-11-01",
        42,
        "2026-11-01T01:00:00Z",
        "2026-11-01T02:00:00Z",
        "local-1",
        "jobs/score-nightly.sh",
        new Manifest.Input(
            "in.csv", "l", 10, 1, List.of(new Manifest.InputFile("file:/in.csv", 10, "then"))),
        new Manifest.Model("small-imdb", "m", "c", "t", 4, "float32", "{}"),
        null,
        Map.of("java", "17"),
        new Manifest.Counts(
            9, 1, 8, 5, 3, 6, 0, 7, 2, 100, Map.of("no tokens", 2L), Map.of("positive", 7L)),
        new Manifest.Speed(10, 5, 8, 1.5, 1.25, null),
        new Drift.Distribution(List.of(1L), List.of(2L), List.of(3L)),
        null,
        List.of("why"),
        new Digest(9, "-12"),
        List.of(),
        null,
        List.of(),
        new Manifest.Estimate(0.875, 1.5));
  }
}
