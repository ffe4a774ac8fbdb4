package swarmformer.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;

class CommandTextTest {
  @Test
  void quotesWhatAShellWouldChange() {
    assertThat(CommandText.of("jobs/score.sh", "--input", "a b.csv", "*.csv", "", "it's", "$x"))
        .isEqualTo("jobs/score.sh --input 'a b.csv' '*.csv' '' 'it'\\''s' '$x'");
  }

  @Test
  void leavesPlainArgumentsAsTheyAre() {
    assertThat(CommandText.of("p", "s3a://b/a=1/x-y_z.csv,b", "org/name@main", "50%"))
        .isEqualTo("p s3a://b/a=1/x-y_z.csv,b org/name@main 50%");
  }

  @ParameterizedTest
  @CsvSource({
    "--option password=x=y, --option password=***",
    "--option fs.s3a.secret.key=x, --option fs.s3a.secret.key=***",
    "--option=credentials=x, --option=credentials=***",
    "--option accountKey=x, --option accountKey=***",
    "--option es.net.http.auth.pass=x, --option es.net.http.auth.pass=***",
    "--option url=jdbc:db://host/name?user=u&password=x, --option url=***",
    "--option x, --option =***",
    "--option sep=; Header=true key=x, --option sep=; Header=true key=***",
    "--input s3a://user:x@bucket/in, --input s3a://user:***@bucket/in",
    "--input=wasbs://c@account.net/a?sig=x&se=y, --input=wasbs://c@account.net/a?sig=***&se=***",
    "--model https://u:p@host/m, --model https://u:***@host/m",
    "--input a b://u:p@h/c --output d, --input a b://u:***@h/c --output d",
  })
  void hidesWhatMayBeASecret(String arguments, String shown) {
    assertThat(CommandText.of("p", arguments.split(" ")).replace("'", "")).isEqualTo("p " + shown);
  }

  @Test
  void hidesThePasswordOfEveryOptionThatTakesAPlace() {
    Pattern place = Pattern.compile("PATH|DIR|FILE|MODEL|URL");
    List<String> options =
        Stream.of(
                new Score(),
                new Evaluate(),
                new ScoreNightly(),
                new ReportTrend(),
                new Train(),
                new Export(),
                new Bench(),
                new Doctor())
            .flatMap(program -> new CommandLine(program).getCommandSpec().options().stream())
            .filter(option -> place.matcher(option.paramLabel()).find())
            .map(OptionSpec::longestName)
            .distinct()
            .toList();
    assertThat(options).contains("--input", "--labels", "--teacher");
    for (String option : options) {
      assertThat(CommandText.of("p", option, "s3a://u:x@h/f")).as(option).doesNotContain("u:x@");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--tokenizer=reference",
        "--tokenizer reference --ids-col tokens",
        "--input tokenized/secret-santa.csv",
        "--input a?b=c.csv abfss://container@account.net/a",
        "--option multiLine=false",
        "--text-col password"
      })
  void showsWhatIsNone(String arguments) {
    assertThat(CommandText.of("p", arguments.split(" ")).replace("'", ""))
        .isEqualTo("p " + arguments);
  }

  @Test
  void hidesWhatTheSettingsOfSparkSay() {
    System.setProperty("spark.redaction.regex", "(?i)santa");
    try {
      assertThat(CommandText.of("p", "--input", "secret-Santa.csv", "--keep", "a"))
          .isEqualTo("p --input '***' --keep a");
    } finally {
      System.clearProperty("spark.redaction.regex");
    }
  }

  @Test
  void showsColumnsOfTokens() {
    assertThat(CommandText.of("p", "--ids-col", "tokens", "--ids-col=tokens"))
        .isEqualTo("p --ids-col tokens --ids-col=tokens");
  }
}
