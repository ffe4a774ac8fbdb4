package swarmformer.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.apache.spark.sql.types.DataTypes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import swarmformer.LocalSpark;

class TextsColumnsIT {
  @TempDir private Path folder;

  @Test
  void keepsTheTypeOfIds() {
    Source source = view("select 7L as id, 'Good.' as text");
    assertThat(source.read().rows().schema().apply("id").dataType()).isEqualTo(DataTypes.LongType);
    assertThat(source.column("id")).containsExactly(7L);
  }

  @Test
  void takesTheIdsThatAreNamed() {
    Source source = view("select 'r7' as key, 'Good.' as text").idColumn("key");
    assertThat(source.read().rows().columns())
        .containsExactly("id", "_content", "_malformed", "_label_known");
    assertThat(source.column("id")).containsExactly("r7");
  }

  @Test
  void makesTheSameIdOfTheSameContent() {
    Path csv = TestFiles.text(folder, "a.csv", "text\nGood.\nBad.\nGood.\n");
    Path json = TestFiles.text(folder, "b.json", "{\"text\":\"Bad.\"}\n{\"text\":null}\n");
    var ids = Source.of(csv).column("id");
    assertThat(ids.get(0))
        .isEqualTo(ids.get(2))
        .isNotEqualTo(ids.get(1))
        .asString()
        .matches("[0-9a-f]{32}");
    assertThat(Source.of(json).column("id")).contains(ids.get(1)).doesNotContainNull();
  }

  @Test
  void carriesTheColumnsThatAreNamedInTheirOrder() {
    Source source = view("select 1 as id, 'a' as text, 0 as label, 'x' as x, 2 as y, 3 as z");
    assertThat(source.keep("y", "x", "y").read().rows().columns())
        .containsExactly("id", "y", "x", "label", "_content", "_malformed", "_label_known");
    assertThat(source.read().carried()).isEqualTo(4);
  }

  @Test
  void carriesAllColumns() {
    Path file = TestFiles.text(folder, "a.csv", "id,text,label,date\n1,a,pos,2026-01-02\n");
    assertThat(Source.of(file).keep("all").read().rows().columns())
        .containsExactly("id", "text", "date", "label", "_content", "_malformed", "_label_known");
  }

  /** Stars from which labels are made are more than the labels. */
  @Test
  void carriesWhatLabelsAreMadeFrom() {
    Source source = view("select 1 as id, 'a' as text, 1 as stars").labelColumn("stars");
    assertThat(source.keep("stars").read().rows().columns())
        .containsExactly("id", "stars", "label", "_content", "_malformed", "_label_known");
  }

  @Test
  void readsTokenIdsInsteadOfTexts() {
    Source source = view("select array(101, 2003, 102) as ids").idsColumn("ids");
    assertThat(source.rows().get(0).getList(1)).isEqualTo(List.of(101, 2003, 102));
    assertThat(source.column("id").get(0)).asString().matches("[0-9a-f]{32}");
  }

  @Test
  void readsColumnsWithPunctuationInTheirNames() {
    Source source =
        view("select 1 as `my id`, 'Good.' as `review.text`, 1 as `a``b`, 2 as `c.d`")
            .idColumn("my id")
            .textColumn("review.text")
            .labelColumn("a`b")
            .keep("c.d");
    assertThat(source.rows().get(0).mkString("|")).isEqualTo("1|2|1|Good.|false|true");
  }

  @Test
  void readsRowsOfPartitionColumns() {
    for (String format : List.of("csv", "jsonl", "txt")) {
      TestFiles.text(folder, format + "/day=01/a." + format, "{\"text\":\"Good.\"}\n");
      TestFiles.text(folder, format + "/day=10/a." + format, "{\"text\":\"Bad.\"}\n");
    }
    for (String format : List.of("csv", "jsonl", "txt")) {
      assertThat(
              Source.of(folder.resolve(format))
                  .keep("day")
                  .option("header", "false")
                  .textColumn(format.equals("csv") ? "_c0" : "text")
                  .column("day"))
          .containsExactlyInAnyOrder("01", "10");
    }
  }

  @Test
  void readsNoRows() {
    Source source = Source.of(TestFiles.text(folder, "a.csv", "id,text,label\n"));
    assertThat(source.rows()).isEmpty();
    assertThat(source.read().counts()).isEqualTo(new Texts.Counts(0, 0, 0));
  }

  /** A table as the query gives it. */
  static Source view(String sql) {
    LocalSpark.session().sql(sql).createOrReplaceTempView("given");
    return Source.table("given");
  }
}
