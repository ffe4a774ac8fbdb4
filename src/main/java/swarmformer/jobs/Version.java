package swarmformer.jobs;

import picocli.CommandLine.IVersionProvider;

/** The version of this project, from the jar. */
final class Version implements IVersionProvider {
  @Override
  public String[] getVersion() {
    return new String[] {"swarmformer-spark " + text()};
  }

  static String text() {
    String version = Version.class.getPackage().getImplementationVersion();
    return version == null ? "development" : version;
  }
}
