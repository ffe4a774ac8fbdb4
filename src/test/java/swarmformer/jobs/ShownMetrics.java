package swarmformer.jobs;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Redirect;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Collection;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentSkipListSet;

/** Reads the metrics of a job that runs, as the programs of Prometheus would. */
final class ShownMetrics {
  private ShownMetrics() {}

  /** Names of the metrics that arrive. */
  static Collection<String> receive(DatagramSocket socket) {
    Collection<String> names = new ConcurrentSkipListSet<>();
    Thread thread =
        new Thread(
            () -> {
              DatagramPacket packet = new DatagramPacket(new byte[1024], 1024);
              try {
                while (true) {
                  socket.receive(packet);
                  names.add(new String(packet.getData(), 0, packet.getLength(), UTF_8));
                  packet.setLength(1024);
                }
              } catch (IOException e) {
                return; // closed
              }
            });
    thread.setDaemon(true);
    thread.start();
    return names;
  }

  /** The first page with a text, or the last without, from a server which is not there yet. */
  static CompletableFuture<String> read(String page, String text) {
    HttpRequest request = HttpRequest.newBuilder(URI.create(page)).build();
    HttpClient client = HttpClient.newBuilder().followRedirects(Redirect.NORMAL).build();
    return CompletableFuture.supplyAsync(
        () -> {
          String last = "";
          for (int i = 0; i < 600; i++) {
            try {
              Thread.sleep(100);
              var response = client.send(request, BodyHandlers.ofString());
              last = response.body();
              if (last.contains(text)) {
                return last;
              }
            } catch (IOException e) {
              // not there yet
            } catch (InterruptedException e) {
              Thread.currentThread().interrupt();
              break;
            }
          }
          return last;
        });
  }
}
