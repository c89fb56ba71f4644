package dev.imgcompat.service.web;

import dev.imgcompat.core.rules.RulePack;
import dev.imgcompat.service.access.AccessConfiguration;
import dev.imgcompat.service.lists.Lists;
import dev.imgcompat.service.lookup.Lookups;
import dev.imgcompat.service.scan.Scans;
import dev.imgcompat.service.settings.Settings;
import dev.imgcompat.service.store.Store;
import dev.imgcompat.service.sweep.Sweeps;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.context.support.GenericApplicationContext;

/**
 * The API on a port of its own, over fakes. Each answer is compared with openapi.yaml: its status
 * must be described, and its body of the schema.
 */
public final class ApiServer implements AutoCloseable {
  private static final HttpClient CLIENT =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  final FakeLookups lookups = new FakeLookups();
  final FakeScans scans = new FakeScans();
  final FakeLists lists = new FakeLists();
  final FakeStore store = new FakeStore();
  final FakeSweeps sweeps = new FakeSweeps();
  private final ConfigurableApplicationContext context;

  /** What the service is made of, but for the fakes. */
  @Configuration(proxyBeanMethods = false)
  @EnableAutoConfiguration(
      excludeName = {
        "org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration",
        "org.springframework.boot.flyway.autoconfigure.FlywayAutoConfiguration"
      })
  @Import({WebConfiguration.class, AccessConfiguration.class})
  static class Application {
    @Bean
    RulePack rulePack() {
      return RulePack.builtIn();
    }
  }

  private ApiServer(Map<String, String> settings) {
    Settings bound =
        new Binder(new MapConfigurationPropertySource(settings))
            .bindOrCreate("imgcompat", Settings.class);
    context =
        new SpringApplicationBuilder(Application.class)
            .web(WebApplicationType.SERVLET)
            .initializers(
                c -> {
                  GenericApplicationContext beans = (GenericApplicationContext) c;
                  beans.registerBean(Settings.class, () -> bound);
                  beans.registerBean(Lookups.class, () -> lookups);
                  beans.registerBean(Scans.class, () -> scans);
                  beans.registerBean(Lists.class, () -> lists);
                  beans.registerBean(Store.class, () -> store);
                  beans.registerBean(Sweeps.class, () -> sweeps);
                  beans.registerBean(Clock.class, Clock::systemUTC);
                })
            .properties(
                "server.port=0",
                "management.server.port=0",
                "server.tomcat.threads.max=" + bound.server().threads(),
                "server.tomcat.threads.min-spare=1",
                "server.tomcat.connection-timeout=9s",
                "server.max-http-request-header-size=8KB",
                "spring.main.banner-mode=off",
                "logging.level.root=warn")
            .run();
  }

  /** Starts one with settings, without the {@code imgcompat.} before their names. */
  public static ApiServer with(Map<String, String> settings) {
    Map<String, String> full = new HashMap<>();
    full.put("imgcompat.server.threads", "4");
    settings.forEach((name, value) -> full.put("imgcompat." + name, value));
    return new ApiServer(full);
  }

  public int port() {
    return Integer.parseInt(context.getEnvironment().getRequiredProperty("local.server.port"));
  }

  public int managementPort() {
    return Integer.parseInt(context.getEnvironment().getRequiredProperty("local.management.port"));
  }

  /** Asks for a path; headers are names and values in turn. */
  public HttpResponse<byte[]> get(String path, String... headers) {
    return send("GET", path, null, headers);
  }

  /** Sends a body. */
  public HttpResponse<byte[]> post(String path, String body, String... headers) {
    return send("POST", path, body, headers);
  }

  /** Sends anything. */
  public HttpResponse<byte[]> send(String method, String path, String body, String... headers) {
    HttpResponse<byte[]> response = exchange(port(), method, path, body, headers);
    Specification.check(method, path, response);
    return response;
  }

  HttpResponse<byte[]> exchange(
      int port, String method, String path, String body, String... headers) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
            .method(method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
    if (headers.length > 0) {
      request.headers(headers);
    }
    try {
      return CLIENT.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Sends bytes as they are and gives back all that comes. */
  String raw(String bytes) throws IOException {
    return raw(port(), bytes);
  }

  String raw(int port, String bytes) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setSoTimeout(10_000);
      socket.getOutputStream().write(bytes.getBytes(StandardCharsets.ISO_8859_1));
      socket.getOutputStream().flush();
      socket.shutdownOutput();
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  /** The values of a header. */
  static List<String> header(HttpResponse<?> response, String name) {
    return response.headers().allValues(name);
  }

  static String text(HttpResponse<byte[]> response) {
    return new String(response.body(), StandardCharsets.UTF_8);
  }

  @Override
  public void close() {
    context.close();
  }
}
