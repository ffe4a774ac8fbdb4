package swarmformer.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import swarmformer.errors.ErrorCode;

/** The files in jobs/schedulers, started with stand-ins for the jobs and programs they start. */
class SchedulersTest {
  private static final Path SCHEDULERS = Script.projectHome().resolve("jobs/schedulers");

  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource({
    "0 0 0, 0, 3",
    "0 8 0, 8, 3",
    "3 0 6, 3, 3",
    "7 0 0, 7, 1",
    "6 7 0, 6, 2",
    "6 0 8, 8, 3",
    "8 3 6, 3, 3",
    "3 1 0, 3, 3"
  })
  void startsTheLastNightsUntilTheDeadline(String codes, int code, int nights) throws Exception {
    Path nightly = installNightly(codes);
    Script.Ended ended = Shell.in(folder).run(nightly, 3, "--store", "a b", "--", "--name", "x");
    assertThat(ended).isEqualTo(new Script.Ended(code, "", ""));
    LocalDate today = LocalDate.now(ZoneOffset.UTC);
    assertThat(Files.readAllLines(folder.resolve("started")))
        .hasSize(nights)
        .isEqualTo(
            Stream.of(3, 2, 1)
                .limit(nights)
                .map(days -> "--date|%s|--store|a b|--|--name|x|".formatted(today.minusDays(days)))
                .toList());
  }

  /** Between these two it is another day at any time. */
  @ParameterizedTest
  @ValueSource(strings = {"Pacific/Kiritimati", "Pacific/Pago_Pago"})
  void countsDaysInTheZone(String zone) throws Exception {
    Path nightly = installNightly("0");
    assertThat(Shell.in(folder).run(nightly, 1, "--zone", zone))
        .isEqualTo(new Script.Ended(0, "", ""));
    assertThat(Files.readAllLines(folder.resolve("started")))
        .containsExactly(
            "--date|%s|--zone|%s|".formatted(LocalDate.now(ZoneId.of(zone)).minusDays(1), zone));
  }

  /** In it, date would count in UTC, or for UTC+2 in UTC-2. */
  @ParameterizedTest
  @ValueSource(strings = {"Mars", "UTC+2", ""})
  void refusesAZoneThatTheSystemDoesNotKnow(String zone) throws Exception {
    Path nightly = installNightly("0");
    Script.Ended ended = Shell.in(folder).run(nightly, 1, "--zone=" + zone);
    assertThat(ended.code()).isEqualTo(ErrorCode.USAGE.exitCode());
    assertThat(ended.err()).startsWith("There is no time zone '" + zone + "' in ").hasLineCount(1);
    assertThat(folder.resolve("started")).doesNotExist();
  }

  @Test
  void hasOneDeadlineForAllNights() throws Exception {
    Path nightly = installNightly("0 0");
    ZonedDateTime end = ZonedDateTime.now(ZoneId.of("Asia/Tokyo")).plusHours(1).withNano(0);
    String time = end.toLocalTime().format(DateTimeFormatter.ISO_LOCAL_TIME);
    Script.Ended ended =
        Shell.in(folder).run(nightly, 2, "--deadline=" + time, "--zone", "Asia/Tokyo", "--", "x");
    assertThat(ended).isEqualTo(new Script.Ended(0, "", ""));
    assertThat(Files.readAllLines(folder.resolve("started")))
        .hasSize(2)
        .allSatisfy(
            options ->
                assertThat(options)
                    .endsWith("|--deadline=%s|--zone|Asia/Tokyo|--|x|".formatted(end.toInstant())));
  }

  /** The first night, of a stand-in, takes longer than there is time. */
  @Test
  void startsNoNightAfterTheDeadline() throws Exception {
    Path nightly = installNightly("$(sleep 6)0");
    LocalTime soon = LocalTime.now(ZoneOffset.UTC).plusSeconds(5).withNano(0);
    Script.Ended ended = Shell.in(folder).run(nightly, 2, "--deadline", soon);
    String second = LocalDate.now(ZoneOffset.UTC).minusDays(1).toString();
    assertThat(ended)
        .isEqualTo(
            new Script.Ended(
                ExitCode.DEADLINE,
                "",
                "Night " + second + " not started: the deadline has passed.\n"));
    assertThat(Files.readAllLines(folder.resolve("started"))).hasSize(1);
  }

  @Test
  void saysHowTheLastNightsAreStarted() throws Exception {
    Script.Ended ended = Shell.in(folder).run(SCHEDULERS.resolve("nightly.sh"), "--store", "x");
    assertThat(ended.code()).isEqualTo(ErrorCode.USAGE.exitCode());
    assertThat(ended.err()).startsWith("Usage: ").hasLineCount(1);
  }

  @ParameterizedTest
  @CsvSource({"0, 0, 0", "1, 6, 6", "1, '', 1", "0, '', 1"})
  void endsWithTheExitCodeOfTheDriversPod(int submitted, String pod, int code) throws Exception {
    Script.Ended ended = submitToKubernetes(submitted, pod);
    assertThat(ended.code()).as(ended.err()).isEqualTo(code);
    assertThat(Files.readAllLines(folder.resolve("submitted")))
        .startsWith(
            "--properties-file",
            Script.projectHome().resolve("conf/kubernetes-gpu.conf").toString(),
            "--deploy-mode",
            "cluster")
        .containsSequence(
            "--class",
            "swarmformer.jobs.ScoreNightly",
            "local:///opt/swarmformer/swarmformer-spark.jar",
            "--date",
            "2026-11-01",
            "--store",
            "s3a://b/n");
    assertThat(Files.readString(folder.resolve("asked")))
        .matches("get pod swarmformer-nightly-2026-11-01-\\d+ --namespace swarmformer .*\n");
  }

  @ParameterizedTest
  @ValueSource(strings = {" mine \t", " = mine\r", ":mine", "\tmine"})
  void findsTheNamespaceHoweverItIsSet(String set) throws Exception {
    Path conf = folder.resolve("my.conf");
    Files.writeString(conf, "spark.kubernetes.namespace" + set + "\n");
    submitToKubernetes(0, "0", conf);
    assertThat(folder.resolve("asked")).content().contains(" --namespace mine --output ");
  }

  @Test
  void saysThatTheExitCodeOfAPodIsNotKnown() throws Exception {
    assertThat(submitToKubernetes(0, "").err())
        .matches(
            "The exit code of the driver's pod swarmformer-nightly-2026-11-01-\\d+ is not known: see"
                + " the lines above.\n");
  }

  @Test
  void saysThatThereIsNoSparkToSubmitWith() throws Exception {
    assertThat(Shell.in(folder).run(SCHEDULERS.resolve("kubernetes-submit.sh"), "2026-11-01"))
        .isEqualTo(
            new Script.Ended(
                2,
                "",
                "There is no $SPARK_HOME/bin/spark-submit: set SPARK_HOME to a Spark 4.1.\n"));
  }

  @Test
  void hasUnitsThatSystemdUnderstands() throws Exception {
    boolean installed =
        Shell.in(folder).run("bash", "-c", "command -v systemd-analyze").code() == 0;
    assumeTrue(installed, "systemd is not installed");
    for (String unit : List.of("swarmformer-nightly.service", "swarmformer-nightly.timer")) {
      String text = Files.readString(SCHEDULERS.resolve(unit));
      Files.writeString(
          folder.resolve(unit), text.replace("/opt/swarmformer", Script.projectHome().toString()));
    }
    assertThat(
            Shell.in(folder)
                .run("systemd-analyze", "verify", "--man=no", "swarmformer-nightly.timer"))
        .isEqualTo(new Script.Ended(0, "", ""));
  }

  private Path installNightly(String codes) throws Exception {
    Path nightly = Files.createDirectories(folder.resolve("jobs/schedulers")).resolve("nightly.sh");
    Files.copy(SCHEDULERS.resolve("nightly.sh"), nightly);
    Files.move(
        Shell.in(folder)
            .program(
                "score-nightly.sh",
                """
                printf '%%s|' "$@" >> '%1$s/started'; echo >> '%1$s/started'
                codes=(%2$s)
                exit "${codes[$(wc -l < '%1$s/started') - 1]}"
                """
                    .formatted(folder, codes)),
        folder.resolve("jobs/score-nightly.sh"));
    return nightly;
  }

  private Script.Ended submitToKubernetes(int submitted, String podCode) throws Exception {
    return submitToKubernetes(
        submitted, podCode, Script.projectHome().resolve("conf/kubernetes-gpu.conf"));
  }

  private Script.Ended submitToKubernetes(int submitted, String podCode, Path conf)
      throws Exception {
    Shell shell = Shell.in(folder);
    shell.program(
        "spark-submit", "printf '%%s\\n' \"$@\" > submitted; exit %d".formatted(submitted));
    shell.program("kubectl", "echo \"$@\" > asked; echo '%s'".formatted(podCode));
    return shell.run(
        Map.of("SPARK_HOME", folder.toString(), "SWARMFORMER_CONF", conf.toString()),
        SCHEDULERS.resolve("kubernetes-submit.sh"),
        "2026-11-01",
        "--store",
        "s3a://b/n");
  }
}
