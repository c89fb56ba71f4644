package dev.imgcompat.service.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.imgcompat.core.image.ImageReference;
import dev.imgcompat.core.image.ImageReference.InRegistry;
import dev.imgcompat.core.image.ScanException;
import dev.imgcompat.core.sweep.source.ListedReference;
import dev.imgcompat.core.sweep.source.Listing;
import dev.imgcompat.core.sweep.source.ReferenceSource;
import dev.imgcompat.core.sweep.source.ReferenceSourceContract;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.EphemeralContainerBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.PodListBuilder;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.PodSpecBuilder;
import io.fabric8.kubernetes.api.model.StatusBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.CronJobBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.CronJobListBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.JobBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.JobListBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.server.mock.KubernetesMockServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClusterImagesTest extends ReferenceSourceContract {
  private static final String PODS = "/api/v1/pods?limit=250";
  private static final String JOBS = "/apis/batch/v1/jobs?limit=250";
  private static final String CRON_JOBS = "/apis/batch/v1/cronjobs?limit=250";

  /** Held, so that its level holds. */
  private static final Logger REQUESTS = Logger.getLogger("io.fabric8.mockwebserver");

  @TempDir private Path directory;
  private final KubernetesMockServer server = new KubernetesMockServer(false);
  private boolean broken;

  @BeforeEach
  void start() {
    REQUESTS.setLevel(Level.WARNING);
    server.init();
  }

  @AfterEach
  void stop() {
    server.destroy();
  }

  private static InRegistry named(String image) throws ScanException.InvalidReference {
    return (InRegistry) ImageReference.parse("docker://" + image);
  }

  private ClusterImages source(String... namespaces) {
    Config config = server.createClient().getConfiguration();
    config.setRequestRetryBackoffLimit(0);
    return new ClusterImages(
        ClusterAccess.open(config), Arrays.asList(namespaces), ClusterImagesTest::named);
  }

  private void answer(String path, int status, Object body) {
    server.expect().get().withPath(path).andReturn(status, body).always();
  }

  private static Container container(String image) {
    return new ContainerBuilder().withName("c").withImage(image).build();
  }

  private static PodSpec spec(String... images) {
    return new PodSpecBuilder()
        .withContainers(Arrays.stream(images).map(ClusterImagesTest::container).toList())
        .build();
  }

  private static Pod pod(String name, PodSpec spec) {
    return new PodBuilder()
        .withNewMetadata()
        .withName(name)
        .withNamespace("team")
        .endMetadata()
        .withSpec(spec)
        .build();
  }

  private static Object pods(String next, Pod... pods) {
    return new PodListBuilder()
        .withItems(pods)
        .withNewMetadata()
        .withContinue(next)
        .endMetadata()
        .build();
  }

  private static Object jobs(String image) {
    return new JobListBuilder()
        .withItems(
            new JobBuilder()
                .withNewMetadata()
                .withName("job")
                .endMetadata()
                .withNewSpec()
                .withNewTemplate()
                .withSpec(spec(image))
                .endTemplate()
                .endSpec()
                .build(),
            new JobBuilder().withNewMetadata().withName("empty").endMetadata().build())
        .build();
  }

  private static Object cronJobs(String image) {
    return new CronJobListBuilder()
        .withItems(
            new CronJobBuilder()
                .withNewMetadata()
                .withName("cron")
                .endMetadata()
                .withNewSpec()
                .withNewJobTemplate()
                .withNewSpec()
                .withNewTemplate()
                .withSpec(spec(image))
                .endTemplate()
                .endSpec()
                .endJobTemplate()
                .endSpec()
                .build(),
            new CronJobBuilder().withNewMetadata().withName("empty").endMetadata().build())
        .build();
  }

  private static Object refused(int status, String message) {
    return new StatusBuilder().withCode(status).withMessage(message).build();
  }

  @Override
  protected ReferenceSource source() {
    PodSpec all =
        new PodSpecBuilder(spec("r.example/app:1", "busybox"))
            .withInitContainers(container("r.example/init:1"))
            .withEphemeralContainers(
                new EphemeralContainerBuilder().withName("e").withImage("r.example/dbg:1").build())
            .build();
    answer(PODS, 200, pods("more", pod("a", all), pod("b", spec("r.example/app:1"))));
    // The next page may come in any order of parameters.
    Object last = pods(null, pod("c", spec("r.example/app:2", "docker.io/library/busybox:latest")));
    answer("/api/v1/pods?limit=250&continue=more", 200, last);
    answer("/api/v1/pods?continue=more&limit=250", 200, last);
    answer(JOBS, 200, jobs("r.example/init:2"));
    if (!broken) {
      answer(CRON_JOBS, 200, cronJobs("r.example/night:1"));
    }
    return source(new String[0]);
  }

  @Override
  protected List<String> expected() {
    return List.of(
        "docker.io/library/busybox:latest",
        "r.example/app:1",
        "r.example/app:2",
        "r.example/dbg:1",
        "r.example/init:1",
        "r.example/init:2",
        "r.example/night:1");
  }

  @Override
  protected int asked() {
    return server.getRequestCount();
  }

  @Override
  protected boolean isStreamed() {
    return false;
  }

  @Override
  protected void breakSomething() {
    broken = true;
    answer(CRON_JOBS, 403, refused(403, "cronjobs is forbidden: user may not"));
  }

  @Override
  protected List<String> broken() {
    return List.of("r.example/night:1");
  }

  @Override
  protected boolean isAskedFor(String repository) {
    return false;
  }

  private static final class Taken implements Listing {
    private final List<String> found = new ArrayList<>();
    private final Map<String, ScanException> unlisted = new TreeMap<>();

    @Override
    public boolean wants(String registry, String repository) {
      return true;
    }

    @Override
    public void found(ListedReference reference) {
      found.add(reference.reference().canonical());
    }

    @Override
    public void unlisted(String what, ScanException why) {
      unlisted.put(what, why);
    }
  }

  @Test
  void onlyTheNamespacesThatAreNamedAreAskedFor() throws Exception {
    for (String namespace : List.of("team", "ci")) {
      answer(
          "/api/v1/namespaces/" + namespace + "/pods?limit=250",
          200,
          pods(null, pod("a", spec("r.example/" + namespace + ":1"))));
      answer(
          "/apis/batch/v1/namespaces/" + namespace + "/jobs?limit=250",
          200,
          jobs("r.example/job:1"));
      answer(
          "/apis/batch/v1/namespaces/" + namespace + "/cronjobs?limit=250",
          200,
          cronJobs("r.example/job:1"));
    }
    Taken taken = new Taken();
    try (ClusterImages source = source("team", "ci")) {
      source.list(taken);
      assertThat(source.name()).contains("namespaces team, ci");
    }
    assertThat(taken.found)
        .containsExactly("r.example/ci:1", "r.example/job:1", "r.example/team:1");
    assertThat(taken.unlisted).isEmpty();
  }

  @Test
  void aListThatIsNotKeptAnyMoreBeginsAnew() throws Exception {
    server.expect().get().withPath(PODS).andReturn(200, pods("old")).once();
    Object gone = refused(410, "The provided continue parameter is too old");
    for (String path :
        List.of("/api/v1/pods?limit=250&continue=old", "/api/v1/pods?continue=old&limit=250")) {
      answer(path, 410, gone);
    }
    server
        .expect()
        .get()
        .withPath(PODS)
        .andReturn(200, pods(null, pod("a", spec("r.example/app:1"))))
        .always();
    answer(JOBS, 200, jobs("r.example/app:1"));
    answer(CRON_JOBS, 200, cronJobs("r.example/app:1"));
    Taken taken = new Taken();
    try (ClusterImages source = source(new String[0])) {
      source.list(taken);
    }
    assertThat(taken.found).containsExactly("r.example/app:1");
  }

  @Test
  void anImageThatIsNoneIsTold() throws Exception {
    answer(
        PODS, 200, pods(null, pod("a", spec("Not\u0007One", "r.example/app:1", "Not\u0007One"))));
    answer(JOBS, 200, jobs("r.example/app:1"));
    answer(CRON_JOBS, 200, cronJobs("r.example/app:1"));
    Taken taken = new Taken();
    try (ClusterImages source = source(new String[0])) {
      source.list(taken);
    }
    assertThat(taken.found).containsExactly("r.example/app:1");
    assertThat(taken.unlisted.keySet()).containsExactly("an image of pods in namespace team");
  }

  @Test
  void aClusterThatRefusesEverythingSaysWhyInOneLine() {
    for (String path : List.of(PODS, JOBS, CRON_JOBS)) {
      answer(path, 403, refused(403, "forbidden: User \"system:x\"\ncannot list"));
    }
    try (ClusterImages source = source(new String[0])) {
      assertThatThrownBy(() -> source.list(new Taken()))
          .isInstanceOf(ScanException.AccessDenied.class)
          .hasMessageContaining("may not be listed: forbidden: User")
          .message()
          .doesNotContain("\n");
    }
  }

  @Test
  void aClusterThatFailsOrIsNotThereIsUnavailable() {
    answer(PODS, 500, refused(500, "etcd is down"));
    try (ClusterImages source = source(new String[0])) {
      assertThatThrownBy(() -> source.list(new Taken()))
          .isInstanceOf(ScanException.Unavailable.class)
          .hasMessageEndingWith("cannot be listed: status 500: etcd is down");
    }
    Config nowhere = Config.empty();
    nowhere.setMasterUrl("http://127.0.0.1:1/");
    nowhere.setRequestRetryBackoffLimit(0);
    try (ClusterImages source =
        new ClusterImages(ClusterAccess.open(nowhere), List.of(), ClusterImagesTest::named)) {
      assertThatThrownBy(() -> source.list(new Taken()))
          .isInstanceOf(ScanException.Unavailable.class)
          .hasMessageContaining("cannot be listed");
    }
  }

  @Test
  void aPodAsksItsOwnApiServerWithItsToken() throws Exception {
    Files.writeString(directory.resolve("token"), "s3cret\n");
    Files.writeString(directory.resolve("ca.crt"), "");
    Config config =
        ClusterAccess.ofPod(
            directory,
            Map.of("KUBERNETES_SERVICE_HOST", "fd00::1", "KUBERNETES_SERVICE_PORT", "6443"));
    assertThat(config.getMasterUrl()).startsWith("https://[fd00::1]:6443");
    assertThat(config.getOauthTokenProvider().getToken()).isEqualTo("s3cret");
    Files.writeString(directory.resolve("token"), "another");
    assertThat(config.getOauthTokenProvider().getToken()).isEqualTo("another");
    assertThatThrownBy(() -> ClusterAccess.ofPod(directory, Map.of()))
        .isInstanceOf(ScanException.NotFound.class)
        .hasMessageContaining("runs in no pod");
    assertThatThrownBy(
            () ->
                ClusterAccess.ofPod(
                    directory.resolve("none"), Map.of("KUBERNETES_SERVICE_HOST", "h")))
        .hasMessageContaining("runs in no pod");
  }

  @Test
  void aKubeconfigSaysWhereTheClusterIs() throws Exception {
    Path file =
        Files.writeString(
            directory.resolve("kubeconfig"),
            """
            apiVersion: v1
            kind: Config
            current-context: one
            clusters:
              - {name: a, cluster: {server: "https://a.example:6443"}}
              - {name: b, cluster: {server: "https://b.example:6443"}}
            contexts:
              - {name: one, context: {cluster: a, user: u}}
              - {name: two, context: {cluster: b, user: u}}
            users:
              - {name: u, user: {token: s3cret}}
            """);
    assertThat(ClusterAccess.ofFile(file, Optional.empty()).getMasterUrl())
        .startsWith("https://a.example:6443");
    assertThat(ClusterAccess.ofFile(file, Optional.of("two")).getMasterUrl())
        .startsWith("https://b.example:6443");
    assertThatThrownBy(() -> ClusterAccess.ofFile(file, Optional.of("three")))
        .isInstanceOf(ScanException.InvalidReference.class)
        .hasMessageEndingWith("has no context three");
    assertThatThrownBy(() -> ClusterAccess.ofFile(directory.resolve("none"), Optional.empty()))
        .isInstanceOf(ScanException.NotFound.class)
        .hasMessageContaining("cannot be read");
    Path none = Files.writeString(directory.resolve("none.yaml"), "users: [token: s3cret");
    assertThatThrownBy(() -> ClusterAccess.ofFile(none, Optional.empty()))
        .isInstanceOf(ScanException.InvalidReference.class)
        .message()
        .doesNotContain("s3cret");
  }
}
