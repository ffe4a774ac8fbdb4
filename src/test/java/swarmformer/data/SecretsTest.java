package swarmformer.data;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SecretsTest {
  @Test
  void namesAnInputWithoutItsSecrets() {
    assertThat(Source.of("s3a://user:x@bucket/in", "a.csv").source().name())
        .isEqualTo("s3a://user:***@bucket/in, a.csv");
    assertThat(Secrets.without("https://host/model?sig=x&v=1"))
        .isEqualTo("https://host/model?sig=***&v=***");
  }

  @Test
  void leavesPathsAsTheyAre() {
    for (String path : new String[] {"a?b=c.csv", "abfss://c@host/a b/x=1", "org/name@main"}) {
      assertThat(Secrets.without(path)).isEqualTo(path);
    }
  }
}
