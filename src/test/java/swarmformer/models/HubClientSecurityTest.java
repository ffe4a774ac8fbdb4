package swarmformer.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static swarmformer.models.LoopbackHub.NAME;
import static swarmformer.models.LoopbackHub.TOKEN;
import static swarmformer.models.LoopbackHub.WEIGHTS;
import static swarmformer.models.LoopbackHub.WEIGHTS_PATH;

import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import swarmformer.checkpoint.ModelException;

/** Where the token goes, and which names and addresses are refused. */
class HubClientSecurityTest extends HubClientTestBase {
  private LoopbackHub storage;

  @BeforeEach
  void openStorage() throws IOException {
    storage = new LoopbackHub();
  }

  @AfterEach
  void closeStorage() {
    storage.close();
  }

  @Test
  void sendsTheTokenToTheHubOnly() {
    hub.on(WEIGHTS_PATH, LoopbackHub.redirect(storage.address() + WEIGHTS_PATH + "?signature=x"));

    assertThat(fetch("main").weights()).hasBinaryContent(WEIGHTS);

    assertThat(hub.requests)
        .hasSize(3)
        .allMatch(r -> ("Bearer " + TOKEN).equals(r.authorization()));
    assertThat(storage.requests).containsExactly(new LoopbackHub.Request(WEIGHTS_PATH, null));
  }

  @Test
  void sendsTheTokenAlongARedirectWithinTheHub() {
    hub.on(WEIGHTS_PATH, LoopbackHub.redirect("/elsewhere"));
    hub.on("/elsewhere", exchange -> LoopbackHub.send(exchange, 200, WEIGHTS));

    fetch("main");

    assertThat(hub.requests).contains(new LoopbackHub.Request("/elsewhere", "Bearer " + TOKEN));
  }

  @Test
  void sendsNoTokenWithoutOne() {
    Map<String, String> environment = hub.environment(cache);
    environment.put("HF_TOKEN", " ");

    new HubClient(environment).fetch(NAME, "main");

    assertThat(hub.requests).hasSize(3).allMatch(request -> request.authorization() == null);
  }

  @Test
  void endsARedirectLoop() {
    hub.on(WEIGHTS_PATH, LoopbackHub.redirect(WEIGHTS_PATH));

    assertThatThrownBy(() -> fetch("main"))
        .isInstanceOf(ModelException.class)
        .hasMessage(
            "Cannot fetch org/tiny@main: more than 5 redirects, the last to %s. Check HF_ENDPOINT.",
            hub.address() + WEIGHTS_PATH);
    assertThat(hub.count(WEIGHTS_PATH)).isEqualTo(6);
  }

  @ParameterizedTest
  @ValueSource(strings = {"http://example.invalid/x", "file:///etc/passwd", "https:opaque", "::"})
  void refusesAnInsecureRedirect(String location) {
    hub.on(WEIGHTS_PATH, LoopbackHub.redirect(location));

    assertThatThrownBy(() -> fetch("main"))
        .isInstanceOf(ModelException.class)
        .hasMessage(
            "Cannot fetch org/tiny@main: %s redirects to an address that is not https. Check HF_ENDPOINT.",
            hub.address() + WEIGHTS_PATH);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://example.invalid",
        "http://127.0.0.1.example.invalid",
        "ftp://example.invalid",
        "example.invalid",
        "https://example.invalid?a=b",
        "https://example.invalid#a",
        "https://example.invalid/a b",
        "https://user:hf_secret@example.invalid"
      })
  void refusesAnInsecureEndpoint(String endpoint) {
    assertThatThrownBy(() -> new HubClient(Map.of("HF_ENDPOINT", endpoint)))
        .isInstanceOf(ModelException.class)
        .hasMessageContainingAll(
            "Cannot use HF_ENDPOINT", "example.invalid)", "it must be an https address")
        .message()
        .doesNotContain(TOKEN);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://example.invalid/hf/",
        "http://localhost:80",
        "http://127.0.0.1:8080/",
        "http://[::1]:1"
      })
  void acceptsASafeEndpoint(String endpoint) {
    assertThatCode(() -> new HubClient(Map.of("HF_ENDPOINT", endpoint))).doesNotThrowAnyException();
  }

  @Test
  void refusesATokenWithALineBreakWithoutShowingIt() {
    assertThatThrownBy(() -> new HubClient(Map.of("HF_TOKEN", "hf_\nsecret")))
        .isInstanceOf(ModelException.class)
        .hasMessage(
            "Cannot use HF_TOKEN: among its 10 characters is one that no token has, such as a space or a line break. Copy the token again.");
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "-1", "1.5", "ten", "100000"})
  void refusesATimeoutThatIsNoNumberOfSeconds(String seconds) {
    assertThatThrownBy(() -> new HubClient(Map.of("HF_HUB_DOWNLOAD_TIMEOUT", seconds)))
        .isInstanceOf(ModelException.class)
        .hasMessage(
            "Cannot use HF_HUB_DOWNLOAD_TIMEOUT '%s': it is not a whole number of seconds from 1 to 99999. Unset it to wait 30.",
            seconds);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "tiny",
        "a/b/c",
        "../x",
        "org/..",
        "org/a..b",
        "org/a--b",
        "org/é",
        "org/a\n",
        "/a"
      })
  void refusesANameThatIsNone(String name) {
    assertThatThrownBy(() -> new HubClient(hub.environment(cache)).fetch(name, "main"))
        .isInstanceOf(ModelException.class)
        .hasMessageStartingWith(
            "Cannot fetch the model '"
                + name
                + "': it is not the name of a model on a hub. Give org/name");
    assertThat(hub.requests).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ".", "..", "../x", "a/../b", "/a", "a b", "a?b", "a%2e"})
  void refusesARevisionThatIsNone(String revision) {
    assertThatThrownBy(() -> fetch(revision))
        .isInstanceOf(ModelException.class)
        .hasMessageStartingWith(
            "Cannot fetch org/tiny at revision '"
                + revision
                + "': it is not a revision. Give a branch");
    assertThat(hub.requests).isEmpty();
  }
}
