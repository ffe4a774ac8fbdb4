package swarmformer.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static swarmformer.data.RunDirectories.local;
import static swarmformer.data.RunDirectories.names;
import static swarmformer.data.RunDirectories.write;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import swarmformer.errors.LeaseHeldException;
import swarmformer.errors.OutputException;
import swarmformer.errors.SwarmFormerException;

/** Set {@code -Dswarmformer.rounds=100} to let two hosts of one name begin at once as often. */
class PublicationTest {
  private static final int ROUNDS = Integer.getInteger("swarmformer.rounds", 2);

  private static final String MINUTES = "2m";
  private static final String SHORT = "1500ms";

  /** Two machines of one name: programs in it see no process outside, nor are they seen. */
  private static final String[] OTHER_HOST = {
    "unshare", "--uts", "--pid", "--fork", "--kill-child", "--mount-proc"
  };

  private final List<Process> holders = new ArrayList<>();

  @TempDir Path root;

  @AfterEach
  void killHolders() throws InterruptedException {
    for (Process holder : holders) {
      holder.destroyForcibly().waitFor();
    }
  }

  @Test
  void goesToExactlyOneOfManyProcessesAtOnce() throws Exception {
    for (int i = 0; i < 8; i++) {
      start("n", MINUTES);
    }
    List<String> answers = answers();
    PublicationHolder.release(holders.stream());
    assertThat(answers).filteredOn(answer -> answer.startsWith("began")).hasSize(1);
    assertThat(answers)
        .allMatch(
            answer ->
                answer.matches(
                    "began .*|refused Cannot write night n: (process \\d+ on \\S+|another process) is writing it\\. Wait for it, or stop it\\."));
    assertThat(names(root)).isEmpty();
  }

  @Test
  void goesToExactlyOneOfManyThreadsAtOnce() throws Exception {
    List<Publication> begun = new ArrayList<>();
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      threads.add(
          new Thread(
              () -> {
                try {
                  Publication publication = begin("n", MINUTES);
                  synchronized (begun) {
                    begun.add(publication);
                  }
                } catch (LeaseHeldException e) {
                  // All but one.
                }
              }));
    }
    threads.forEach(Thread::start);
    for (Thread thread : threads) {
      thread.join();
    }
    assertThat(begun).hasSize(1);
    begun.get(0).close();
    assertThat(names(root)).isEmpty();
  }

  @Test
  void isFreeAsSoonAsItsProcessOnThisMachineIsDead() throws Exception {
    Process holder = start("n", MINUTES);
    assertThat(PublicationHolder.answer(holder)).startsWith("began");
    assertThatThrownBy(() -> begin("n", MINUTES))
        .isInstanceOf(LeaseHeldException.class)
        .hasMessageStartingWith("Cannot write night n: process %d on ", holder.pid());
    holder.destroyForcibly().waitFor();
    begin("n", MINUTES).close();
    assertThat(names(root)).isEmpty();
  }

  @Test
  void isFreeWhenALaterProcessHasTheNumberOfItsOwn() throws IOException {
    LeaseOwner self = LeaseOwner.ofThisProcess("", false);
    write(
        root.resolve("_staging/n,1.lease"),
        json(
            new LeaseOwner(
                "t",
                self.host(),
                self.pid(),
                self.namespace(),
                self.startTicks() - 1,
                "",
                0,
                false)));
    begin("n", MINUTES).close();
    assertThat(names(root)).isEmpty();
  }

  /** Who only removes what a dead process has left is no writer of the night. */
  @Test
  void waitsForAProcessThatClearsAway() throws Exception {
    LeaseOwner self = LeaseOwner.ofThisProcess("", false);
    write(
        root.resolve("_staging/n,1.lease"),
        json(new LeaseOwner("t", self.host(), self.pid(), self.namespace(), 0, "", 0, false)));
    Configuration hadoop = new Configuration();
    LeaseFiles leases = new LeaseFiles(hadoop, new org.apache.hadoop.fs.Path(root + "/_staging"));
    Lease clearing = Lease.acquireIfDead(hadoop, leases, "n").orElseThrow();
    CompletableFuture<Void> started = CompletableFuture.runAsync(() -> begin("n", MINUTES).close());
    assertThatThrownBy(() -> started.get(2, TimeUnit.SECONDS)).isInstanceOf(TimeoutException.class);
    clearing.close();
    started.get(30, TimeUnit.SECONDS);
    assertThat(names(root)).isEmpty();
  }

  @Test
  void isFreeWhenAProcessElsewhereWasSilentForTheTimeout() throws IOException {
    foreignLease("n", Duration.ofMinutes(3));
    begin("n", MINUTES).close();
    assertThat(names(root)).isEmpty();
  }

  @Test
  void waitsForAProcessElsewhereThatMayBeDead() {
    foreignLease("n", Duration.ZERO);
    begin("n", SHORT).close();
    assertThat(names(root)).isEmpty();
  }

  @Test
  void isHeldByAProcessElsewhereThatRenewsItsLease() throws Exception {
    assumeOtherHosts();
    Process holder = start("n", SHORT, OTHER_HOST);
    assertThat(PublicationHolder.answer(holder)).startsWith("began");
    assertThatThrownBy(() -> begin("n", SHORT))
        .isInstanceOf(LeaseHeldException.class)
        .hasMessageStartingWith("Cannot write night n: process 1 on ");
  }

  @Test
  void goesToExactlyOneOfTwoHostsOfOneName() throws Exception {
    assumeOtherHosts();
    for (int round = 0; round < ROUNDS; round++) {
      for (int i = 0; i < 2; i++) {
        start("n", SHORT, OTHER_HOST);
      }
      assertThat(answers()).filteredOn(answer -> answer.startsWith("began")).hasSize(1);
      PublicationHolder.release(holders.stream());
      holders.clear();
      assertThat(names(root)).isEmpty();
    }
  }

  @Test
  void isNotGivenTwiceToOneProcess() {
    try (Publication one = begin("n", MINUTES);
        Publication other = begin("m", MINUTES)) {
      assertThat(one.folder()).isNotEqualTo(other.folder());
      assertThatThrownBy(() -> begin("n", MINUTES)).isInstanceOf(LeaseHeldException.class);
    }
    assertThat(names(root)).isEmpty();
  }

  @Test
  void publishesNothingAfterAnotherProcessTookOver() throws Exception {
    assumeOtherHosts();
    Process paused = start("n", SHORT, OTHER_HOST);
    assertThat(PublicationHolder.answer(paused)).startsWith("began");
    signal("STOP", paused);
    publish("mine");
    signal("CONT", paused);
    PublicationHolder.publish(paused);
    assertThat(PublicationHolder.answer(paused))
        .startsWith(
            "refused Cannot publish night n: this process gave no sign of life for 1 s, and ")
        .endsWith(" has taken over. It has published nothing.");
    paused.waitFor(1, TimeUnit.MINUTES);
    assertThat(content()).isEqualTo("mine");
    assertThat(names(root)).containsExactly("date=n");
  }

  @Test
  void publishesNothingWhileAnotherProcessThatTookOverWrites() throws Exception {
    assumeOtherHosts();
    Process paused = start("n", SHORT, OTHER_HOST);
    assertThat(PublicationHolder.answer(paused)).startsWith("began");
    signal("STOP", paused);
    try (Publication second = begin("n", SHORT)) {
      signal("CONT", paused);
      PublicationHolder.publish(paused);
      assertThat(PublicationHolder.answer(paused)).startsWith("refused Cannot publish night n: ");
      paused.waitFor(1, TimeUnit.MINUTES);
      second.check();
      stage(second, "mine");
      second.publish(new org.apache.hadoop.fs.Path(second.folder(), "night"), false);
    }
    assertThat(content()).isEqualTo("mine");
    assertThat(names(root)).containsExactly("date=n");
  }

  @Test
  void keepsItsLeaseWhenABeatFails() throws Exception {
    try (Publication publication = begin("n", SHORT)) {
      Path lease = root.resolve("_staging/n,1.lease");
      byte[] first = Files.readAllBytes(lease);
      Files.setPosixFilePermissions(lease, java.util.Set.of());
      Files.delete(lease);
      Files.createDirectory(lease); // nothing can be written to it
      TimeUnit.MILLISECONDS.sleep(600);
      Files.delete(lease);
      Files.write(lease, first);
      TimeUnit.MILLISECONDS.sleep(600);
      assertThat(Files.readAllBytes(lease)).isNotEqualTo(first);
      publication.check();
    }
  }

  @Test
  void publishesWholeAndReplacesWhereThatIsWanted() {
    publish("old");
    assertThat(content()).isEqualTo("old");
    try (Publication publication = begin("n", MINUTES)) {
      stage(publication, "new");
      org.apache.hadoop.fs.Path staged =
          new org.apache.hadoop.fs.Path(publication.folder(), "night");
      assertThatThrownBy(() -> publication.publish(staged, false))
          .isInstanceOf(OutputException.class)
          .hasMessage(
              "Cannot publish to file:%s/date=n: it exists already. Another process was faster; run again."
                  .formatted(root));
      assertThat(content()).isEqualTo("old");
      publication.publish(staged, true);
    }
    assertThat(content()).isEqualTo("new");
    assertThat(names(root)).containsExactly("date=n");
  }

  @Test
  void restoresWhatItHasSetAsideWhenTheSuccessorCannotBePublished() {
    publish("old");
    try (Publication publication = begin("n", MINUTES)) {
      org.apache.hadoop.fs.Path around = new org.apache.hadoop.fs.Path(root.toUri());
      assertThatThrownBy(() -> publication.publish(around, true)) // no directory goes into itself
          .isInstanceOf(SwarmFormerException.class);
      assertThat(root.resolve("date=n")).doesNotExist();
    }
    assertThat(content()).isEqualTo("old");
    assertThat(names(root)).containsExactly("date=n");
  }

  @Test
  void restoresWhatADeadProcessHasSetAsideWhateverIsWrittenNext() throws Exception {
    setAsideByADeadProcess("old");
    begin("other", MINUTES).close();
    assertThat(content()).isEqualTo("old");
    assertThat(names(root)).containsExactly("date=n");
  }

  @Test
  void restoresWhatADeadProcessHasSetAsideBeforeItIsReplaced() throws Exception {
    setAsideByADeadProcess("old");
    try (Publication publication = begin("n", MINUTES)) {
      assertThat(content()).isEqualTo("old");
    }
    assertThat(names(root)).containsExactly("date=n");
  }

  @Test
  void dropsWhatADeadProcessHasReplaced() throws Exception {
    setAsideByADeadProcess("old");
    write(root.resolve("date=n/part"), "new");
    begin("other", MINUTES).close();
    assertThat(content()).isEqualTo("new");
    assertThat(names(root)).containsExactly("date=n");
  }

  @Test
  void recoversWhatADeadProcessHasSetAside() throws Exception {
    org.apache.hadoop.fs.Path place = new org.apache.hadoop.fs.Path(root.toString());
    setAsideByADeadProcess("old");
    assertThat(Publication.setAside(new Configuration(), place)).containsExactly("n");
    Publication.recover(new Configuration(), place);
    assertThat(content()).isEqualTo("old");
    assertThat(names(root)).containsExactly("date=n");
    assertThat(Publication.setAside(new Configuration(), place)).isEmpty();
    Publication.recover(new Configuration(), place); // where there is nothing to do
  }

  @Test
  void keepsWhatLiveProcessesWriteUnderOtherNames() {
    try (Publication other = begin("other", MINUTES)) {
      stage(other, "other");
      foreignLease("foreign", Duration.ofMinutes(1));
      begin("n", MINUTES).close();
      assertThat(names(root.resolve("_staging"))).contains("foreign,1.lease", "other,1.lease");
      assertThat(local(other.folder() + "/night/part")).exists();
    }
  }

  @Test
  void keepsWhatNoLeaseKnows() {
    write(root.resolve("_staging/something/part"), "?");
    publish("mine");
    assertThat(names(root.resolve("_staging"))).containsExactly("something");
  }

  @Test
  void refusesAStorageThatCannotTellWhoWasFirst() {
    Configuration hadoop = new Configuration();
    hadoop.set("fs.plain.impl", PlainStore.class.getName());
    org.apache.hadoop.fs.Path place = new org.apache.hadoop.fs.Path("plain:" + root);
    assertThatThrownBy(() -> Publication.begin(hadoop, place, "n", "night n", Optional.empty()))
        .isInstanceOf(OutputException.class)
        .hasMessage(
            "Cannot write night n to plain:%s: this storage cannot create a file only if it is absent, so two processes could write it at once. With S3A that takes Hadoop 3.4.2 (Spark 4.1) and fs.s3a.create.conditional.enabled=true. Write elsewhere; runs without --run-id can be written here, too.",
            root);
  }

  @Test
  void refusesAStorageWithoutAnAtomicRename() {
    Configuration hadoop = new Configuration();
    hadoop.set("fs.store.impl", ObjectStore.class.getName());
    assertThatThrownBy(
            () ->
                Publication.requireAtomicRename(
                    hadoop, new org.apache.hadoop.fs.Path("store:///s"), "Do that."))
        .isInstanceOf(OutputException.class)
        .hasMessage(
            "Cannot publish to store:/s: a directory cannot be renamed in one step there. Do that.");
  }

  @Test
  void judgesAViewByWhatIsMountedThere() {
    Configuration hadoop = new Configuration();
    hadoop.set("fs.store.impl", ObjectStore.class.getName());
    hadoop.set("fs.viewfs.mounttable.all.link./disk", "file:" + root);
    hadoop.set("fs.viewfs.mounttable.all.link./bucket", "store:" + root);
    Publication.requireAtomicRename(
        hadoop, new org.apache.hadoop.fs.Path("viewfs://all/disk/new/s"), "");
    org.apache.hadoop.fs.Path place = new org.apache.hadoop.fs.Path("viewfs://all/bucket/new/s");
    assertThatThrownBy(() -> Publication.requireAtomicRename(hadoop, place, "Do that."))
        .isInstanceOf(OutputException.class)
        .hasMessageStartingWith("Cannot publish to viewfs://all/bucket/new/s: a directory cannot");
    assertThat(Publication.isExclusive(hadoop, place)).isFalse();
  }

  /** As before the first night, whose directories come with it. */
  @ParameterizedTest
  @ValueSource(strings = {"viewfs://later/new", "viewfs://later/new/s", "viewfs://rest/s"})
  void judgesAViewByWhatIsNotThereYet(String place) {
    Configuration hadoop = new Configuration();
    hadoop.set("fs.store.impl", ObjectStore.class.getName());
    hadoop.set("fs.viewfs.mounttable.later.link./new", "file:" + root + "/new");
    hadoop.set("fs.viewfs.mounttable.later.link./newer", "store:" + root);
    hadoop.set("fs.viewfs.mounttable.rest.link./bucket", "store:" + root);
    hadoop.set("fs.viewfs.mounttable.rest.linkFallback", "file:" + root + "/fallback");
    Publication.requireAtomicRename(hadoop, new org.apache.hadoop.fs.Path(place), "");
    assertThat(root).isEmptyDirectory();
  }

  /** A store that does not say that it can create files only if they are absent. */
  public static final class PlainStore extends org.apache.hadoop.fs.RawLocalFileSystem {
    @Override
    public java.net.URI getUri() {
      return java.net.URI.create("plain:///");
    }
  }

  private Process start(String name, String timeout, String... prefix) throws IOException {
    Process holder = PublicationHolder.start(root, name, timeout, prefix);
    holders.add(holder);
    return holder;
  }

  private List<String> answers() throws IOException {
    List<String> answers = new ArrayList<>();
    for (Process holder : holders) {
      answers.add(PublicationHolder.answer(holder));
    }
    return answers;
  }

  private Publication begin(String name, String timeout) {
    return PublicationHolder.begin(new org.apache.hadoop.fs.Path(root.toString()), name, timeout);
  }

  private static void stage(Publication publication, String content) {
    write(local(publication.folder() + "/night/part"), content);
  }

  private void publish(String content) {
    try (Publication publication = begin("n", SHORT)) {
      stage(publication, content);
      publication.publish(new org.apache.hadoop.fs.Path(publication.folder(), "night"), true);
    }
  }

  /** Leaves what a kill between the two renames of a replacement leaves. */
  private void setAsideByADeadProcess(String content) throws Exception {
    Process holder = start("n", MINUTES);
    Path folder = local(PublicationHolder.answer(holder).replace("began ", ""));
    write(folder.resolve("replaced/part"), content);
    write(folder.resolve("night/part"), "half");
    holder.destroyForcibly().waitFor();
  }

  /** Leaves the lease of a process of another machine that was renewed some time ago. */
  private void foreignLease(String name, Duration age) {
    Path lease = root.resolve("_staging/" + name + ",1.lease");
    write(lease, json(new LeaseOwner("t", "elsewhere", 1, "another machine", 1, "", 0, false)));
    try {
      Files.setLastModifiedTime(lease, FileTime.from(Instant.now().minus(age)));
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private static String json(LeaseOwner owner) {
    return new String(owner.toJson(), java.nio.charset.StandardCharsets.UTF_8);
  }

  private String content() {
    try {
      return Files.readString(root.resolve("date=n/part"));
    } catch (IOException e) {
      return e.toString();
    }
  }

  /** Sends a signal to a process and to those below it: what {@code unshare} has started. */
  private static void signal(String name, Process process) throws Exception {
    List<String> command = new ArrayList<>(List.of("kill", "-" + name));
    command.add(Long.toString(process.pid()));
    process.descendants().forEach(child -> command.add(Long.toString(child.pid())));
    assertThat(new ProcessBuilder(command).start().waitFor()).isZero();
  }

  private static void assumeOtherHosts() throws Exception {
    List<String> command = new ArrayList<>(List.of(OTHER_HOST));
    command.add("true");
    int code;
    try {
      code = new ProcessBuilder(command).start().waitFor();
    } catch (IOException e) {
      code = -1;
    }
    assumeTrue(code == 0, "this user may not make namespaces");
  }
}
