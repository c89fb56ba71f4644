package dev.imgcompat.service.kubernetes;

import dev.imgcompat.core.image.Printable;
import dev.imgcompat.core.image.ScanException;
import dev.imgcompat.core.sweep.plan.SourceSpec;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.jdkhttp.JdkHttpClientFactory;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * Finds the API server that a plan means: that of a kubeconfig, or that of the pod which this runs
 * in. What else whoever started the service may have, is not looked at.
 */
final class ClusterAccess {
  private static final Path ACCOUNT = Path.of("/var/run/secrets/kubernetes.io/serviceaccount");

  private static final int MAX_BYTES = 1 << 20;
  private static final int CONNECT_MILLIS = 10_000;
  private static final int ANSWER_MILLIS = 60_000;
  private static final int RETRIES = 3;

  private ClusterAccess() {}

  /**
   * Opens a client; nothing is asked yet.
   *
   * @throws ScanException if it is not said, or cannot be read, where the cluster is
   */
  static KubernetesClient open(SourceSpec.Kubernetes spec) throws ScanException {
    return open(
        spec.kubeconfig().isPresent()
            ? ofFile(spec.kubeconfig().get(), spec.context())
            : ofPod(ACCOUNT, System.getenv()));
  }

  static KubernetesClient open(Config config) {
    Config bounded =
        new ConfigBuilder(config)
            .withConnectionTimeout(CONNECT_MILLIS)
            .withRequestTimeout(ANSWER_MILLIS)
            .withRequestRetryBackoffLimit(Math.min(config.getRequestRetryBackoffLimit(), RETRIES))
            .build();
    return new KubernetesClientBuilder()
        .withConfig(bounded)
        .withHttpClientFactory(new JdkHttpClientFactory())
        .build();
  }

  static Config ofFile(Path file, Optional<String> context) throws ScanException {
    try {
      if (Files.size(file) > MAX_BYTES) {
        throw new ScanException.InvalidReference(
            "kubeconfig " + file + " is none: it is too large");
      }
    } catch (IOException e) {
      throw new ScanException.NotFound(
          "kubeconfig " + file + " cannot be read: " + ScanException.reason(e));
    }
    Config config;
    try {
      config = Config.fromKubeconfig(context.orElse(null), file.toFile());
    } catch (RuntimeException e) {
      // What its parser says may quote what is in it.
      throw new ScanException.InvalidReference("kubeconfig " + file + " is none");
    }
    if (context.isPresent()
        && config.getContexts().stream().noneMatch(c -> c.getName().equals(context.get()))) {
      throw new ScanException.InvalidReference(
          "kubeconfig " + file + " has no context " + Printable.of(context.get()));
    }
    return config;
  }

  static Config ofPod(Path account, Map<String, String> environment) throws ScanException {
    String host = environment.getOrDefault("KUBERNETES_SERVICE_HOST", "");
    String port = environment.getOrDefault("KUBERNETES_SERVICE_PORT", "443");
    Path token = account.resolve("token");
    if (host.isEmpty() || !Files.isReadable(token)) {
      throw new ScanException.NotFound(
          "this service runs in no pod with a service account: name a kubeconfig in the plan");
    }
    String address = host.indexOf(':') < 0 ? host : "[" + host + "]";
    return new ConfigBuilder(Config.empty())
        .withMasterUrl("https://" + address + ":" + port)
        .withCaCertFile(account.resolve("ca.crt").toString())
        // Tokens of pods are replaced every hour.
        .withOauthTokenProvider(() -> token(token))
        .build();
  }

  private static String token(Path file) {
    try {
      return read(file).strip();
    } catch (IOException e) {
      throw new UncheckedIOException("the token of the service account cannot be read", e);
    }
  }

  private static String read(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      return new String(in.readNBytes(MAX_BYTES), StandardCharsets.UTF_8);
    }
  }
}
