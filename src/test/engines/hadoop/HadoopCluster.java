import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.permission.FsPermission;
import org.apache.hadoop.hdfs.MiniDFSCluster;
import org.apache.hadoop.yarn.conf.YarnConfiguration;
import org.apache.hadoop.yarn.server.MiniYARNCluster;

/**
 * HDFS with one DataNode and YARN with two NodeManagers, in this process, until its standard input
 * ends. {@code java HadoopCluster.java FOLDER} works in FOLDER, writes the settings of its clients
 * to FOLDER/conf, and then prints "ready".
 */
public final class HadoopCluster {
  private static final int NODE_MANAGERS = 2;
  private static final int NODE_MEMORY_MB = 4096;
  private static final int NODE_CORES = 4;

  private static final List<String> ADDRESSES =
      List.of(
          "yarn.resourcemanager.address",
          "yarn.resourcemanager.scheduler.address",
          "yarn.resourcemanager.admin.address",
          "yarn.resourcemanager.resource-tracker.address",
          "yarn.resourcemanager.webapp.address");

  private HadoopCluster() {}

  public static void main(String[] arguments) throws Exception {
    Path folder = Path.of(arguments[0]).toAbsolutePath();
    // Where MiniYARNCluster keeps its files.
    System.setProperty("test.build.data", folder.resolve("yarn").toString());
    System.setProperty("test.build.dir", folder.resolve("yarn").toString());
    Configuration hdfs = new Configuration();
    hdfs.set(MiniDFSCluster.HDFS_MINIDFS_BASEDIR, folder.resolve("hdfs").toString());
    hdfs.set("hadoop.tmp.dir", folder.resolve("tmp").toString());
    try (MiniDFSCluster files = new MiniDFSCluster.Builder(hdfs).numDataNodes(1).build();
        MiniYARNCluster yarn = new MiniYARNCluster("yarn", NODE_MANAGERS, 1, 1)) {
      files.waitActive();
      makeFolders(files.getFileSystem());
      yarn.init(yarnSettings(hdfs));
      yarn.start();
      if (!yarn.waitForNodeManagersToConnect(60_000)) {
        throw new IllegalStateException("the NodeManagers do not connect");
      }
      writeClientSettings(Files.createDirectories(folder.resolve("conf")), yarn.getConfig());
      System.out.println("ready");
      while (System.in.read() >= 0) {}
    }
    System.exit(0); // some of their threads go on
  }

  private static void makeFolders(FileSystem files) throws IOException {
    org.apache.hadoop.fs.Path shared = new org.apache.hadoop.fs.Path("/tmp");
    files.mkdirs(shared);
    files.setPermission(shared, new FsPermission((short) 01777));
    files.mkdirs(files.getHomeDirectory());
  }

  private static Configuration yarnSettings(Configuration hdfs) {
    Configuration yarn = new YarnConfiguration(hdfs);
    yarn.setInt("yarn.nodemanager.resource.memory-mb", NODE_MEMORY_MB);
    yarn.setInt("yarn.nodemanager.resource.cpu-vcores", NODE_CORES);
    yarn.setInt("yarn.scheduler.minimum-allocation-mb", 256);
    yarn.setBoolean("yarn.nodemanager.pmem-check-enabled", true);
    yarn.setBoolean("yarn.nodemanager.vmem-check-enabled", false);
    yarn.set("yarn.scheduler.capacity.maximum-am-resource-percent", "0.9");
    yarn.set("yarn.scheduler.capacity.root.queues", "default");
    yarn.set("yarn.scheduler.capacity.root.default.capacity", "100");
    yarn.set(
        "yarn.nodemanager.disk-health-checker.max-disk-utilization-per-disk-percentage", "99.5");
    return yarn;
  }

  private static void writeClientSettings(Path conf, Configuration cluster) throws IOException {
    Configuration core = new Configuration(false);
    core.set("fs.defaultFS", cluster.get("fs.defaultFS"));
    core.set("hadoop.tmp.dir", cluster.get("hadoop.tmp.dir"));
    write(core, conf.resolve("core-site.xml"));
    Configuration hdfs = new Configuration(false);
    hdfs.setInt("dfs.replication", 1);
    write(hdfs, conf.resolve("hdfs-site.xml"));
    Configuration yarn = new Configuration(false);
    for (String name : ADDRESSES) {
      yarn.set(name, cluster.get(name).replace("0.0.0.0", "localhost"));
    }
    write(yarn, conf.resolve("yarn-site.xml"));
  }

  private static void write(Configuration settings, Path file) throws IOException {
    try (OutputStream out = Files.newOutputStream(file)) {
      settings.writeXml(out);
    }
  }
}
