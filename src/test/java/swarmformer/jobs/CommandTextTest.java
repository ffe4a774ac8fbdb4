package swarmformer.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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
    "password=x=y, password=***",
    "fs.s3a.secret.key=x, fs.s3a.secret.key=***",
    "fs.s3a.access.key=x, fs.s3a.access.key=***",
    "API_TOKEN=x, API_TOKEN=***",
    "--option=password=x, --option=password=***",
    "url=jdbc:db://host/name?user=u&password=x&ssl=1, url=jdbc:db://host/name?user=u&password=***",
    "s3a://user:x@bucket/in, s3a://user:***@bucket/in",
  })
  void hidesSecrets(String argument, String shown) {
    assertThat(CommandText.of("p", argument).replace("'", "")).isEqualTo("p " + shown);
  }

  @Test
  void hidesSecretsOfSeveralLines() {
    assertThat(CommandText.of("p", "password=one\ntwo")).isEqualTo("p 'password=***'");
  }

  @Test
  void showsColumnsOfTokens() {
    assertThat(CommandText.of("p", "--ids-col", "tokens", "--ids-col=tokens"))
        .isEqualTo("p --ids-col tokens --ids-col=tokens");
  }
}
