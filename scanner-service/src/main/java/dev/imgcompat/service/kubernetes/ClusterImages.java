package dev.imgcompat.service.kubernetes;

import dev.imgcompat.core.image.ImageReference.InRegistry;
import dev.imgcompat.core.image.Printable;
import dev.imgcompat.core.image.ScanException;
import dev.imgcompat.core.sweep.plan.SourceSpec;
import dev.imgcompat.core.sweep.source.ListedReference;
import dev.imgcompat.core.sweep.source.Listing;
import dev.imgcompat.core.sweep.source.ReferenceSource;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EphemeralContainer;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.KubernetesResourceList;
import io.fabric8.kubernetes.api.model.ListOptions;
import io.fabric8.kubernetes.api.model.ListOptionsBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.batch.v1.CronJob;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.Listable;
import io.fabric8.kubernetes.client.dsl.MixedOperation;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The images of pods, jobs and cron jobs: of containers, init containers and ephemeral ones. Asked
 * for page by page; of each image only its name is held, once.
 */
public final class ClusterImages implements ReferenceSource {
  private static final long PAGE = 250;

  /** Of objects of one kind; clusters have fewer. */
  private static final int MOST_PAGES = 20_000;

  private static final int ATTEMPTS = 3;
  private static final int MOST_IMAGES = 200_000;
  private static final int GONE = 410;
  private static final int MOST_SAID = 200;

  private final KubernetesClient client;
  private final List<String> namespaces;
  private final Naming naming;
  private final String name;

  ClusterImages(KubernetesClient client, List<String> namespaces, Naming naming) {
    this.client = client;
    this.namespaces = List.copyOf(namespaces);
    this.naming = naming;
    String host = String.valueOf(client.getMasterUrl().getHost());
    this.name =
        "the Kubernetes cluster at "
            + host
            + (namespaces.isEmpty() ? "" : ", namespaces " + String.join(", ", namespaces));
  }

  /**
   * Makes one; nothing is asked yet.
   *
   * @throws ScanException if it is not said, or cannot be read, where the cluster is
   */
  public static ClusterImages of(SourceSpec.Kubernetes spec, Naming naming) throws ScanException {
    return new ClusterImages(ClusterAccess.open(spec), spec.namespaces(), naming);
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public void list(Listing listing) throws ScanException, InterruptedException {
    if (Thread.interrupted()) {
      throw new InterruptedException();
    }
    Found found = new Found(listing);
    boolean answered = false;
    Optional<ScanException> refused = Optional.empty();
    for (Kind<?> kind : kinds()) {
      for (Optional<String> namespace : scopes()) {
        try {
          kind.list(namespace, found);
          answered = true;
        } catch (ScanException.AccessDenied e) {
          // A service account may see pods, say, but no cron jobs.
          listing.unlisted(kind.what(namespace), e);
          refused = Optional.of(e);
        }
      }
    }
    if (!answered && refused.isPresent()) {
      throw refused.get();
    }
    found.tell();
  }

  private List<Optional<String>> scopes() {
    return namespaces.isEmpty()
        ? List.of(Optional.empty())
        : namespaces.stream().map(Optional::of).toList();
  }

  private List<Kind<?>> kinds() {
    return List.of(
        new Kind<>("pods", client.pods(), Pod::getSpec),
        new Kind<>("jobs", client.batch().v1().jobs(), ClusterImages::spec),
        new Kind<>("cron jobs", client.batch().v1().cronjobs(), ClusterImages::spec));
  }

  private static @Nullable PodSpec spec(Job job) {
    return job.getSpec() == null ? null : spec(job.getSpec().getTemplate());
  }

  private static @Nullable PodSpec spec(CronJob job) {
    return job.getSpec() == null
            || job.getSpec().getJobTemplate() == null
            || job.getSpec().getJobTemplate().getSpec() == null
        ? null
        : spec(job.getSpec().getJobTemplate().getSpec().getTemplate());
  }

  private static @Nullable PodSpec spec(@Nullable PodTemplateSpec template) {
    return template == null ? null : template.getSpec();
  }

  /** Something that has a pod's spec in it. */
  private final class Kind<T extends HasMetadata> {
    private final String plural;
    private final MixedOperation<T, ? extends KubernetesResourceList<T>, ?> operation;
    private final Function<T, @Nullable PodSpec> spec;

    Kind(
        String plural,
        MixedOperation<T, ? extends KubernetesResourceList<T>, ?> operation,
        Function<T, @Nullable PodSpec> spec) {
      this.plural = plural;
      this.operation = operation;
      this.spec = spec;
    }

    String what(Optional<String> namespace) {
      return plural
          + namespace.map(n -> " of namespace " + Printable.of(n)).orElse("")
          + " of "
          + name;
    }

    void list(Optional<String> namespace, Found found) throws ScanException, InterruptedException {
      for (int attempt = 1; ; attempt++) {
        try {
          pages(namespace, found);
          return;
        } catch (KubernetesClientException e) {
          if (Thread.interrupted()) {
            throw new InterruptedException();
          }
          // The list that was begun is not kept any more: it begins anew.
          if (e.getCode() != GONE || attempt == ATTEMPTS) {
            throw failure(what(namespace), e);
          }
        }
      }
    }

    private void pages(Optional<String> namespace, Found found) throws InterruptedException {
      Listable<? extends KubernetesResourceList<T>> listable =
          namespace.isPresent()
              ? operation.inNamespace(namespace.get())
              : operation.inAnyNamespace();
      String next = null;
      long pages = 0;
      do {
        if (++pages > MOST_PAGES) {
          throw new KubernetesClientException("it lists page after page without an end");
        }
        ListOptions options = new ListOptionsBuilder().withLimit(PAGE).withContinue(next).build();
        KubernetesResourceList<T> page = listable.list(options);
        if (Thread.interrupted()) {
          throw new InterruptedException();
        }
        for (T item : page.getItems()) {
          found.take(plural, item, spec.apply(item));
        }
        next = page.getMetadata() == null ? null : page.getMetadata().getContinue();
      } while (next != null && !next.isEmpty());
    }
  }

  /** Says why, without what the client was shown or shows. */
  private static ScanException failure(String what, KubernetesClientException e) {
    String said =
        e.getStatus() == null || e.getStatus().getMessage() == null
            ? ""
            : ": " + shortened(e.getStatus().getMessage());
    int code = e.getCode();
    if (code == 401 || code == 403) {
      return new ScanException.AccessDenied(what + " may not be listed" + said);
    }
    if (code == 404) {
      return new ScanException.NotFound(what + " are not there" + said);
    }
    String why =
        code > 0
            ? "status " + code + said
            : Optional.ofNullable(e.getCause()).map(ClusterImages::reason).orElse("no answer");
    return new ScanException.Unavailable(what + " cannot be listed: " + why, e);
  }

  private static String reason(Throwable cause) {
    Throwable deepest = cause;
    while (deepest.getCause() != null && deepest.getCause() != deepest) {
      deepest = deepest.getCause();
    }
    return deepest instanceof java.io.IOException io
        ? ScanException.reason(io)
        : deepest.getClass().getSimpleName();
  }

  private static String shortened(String text) {
    String safe = Printable.of(text);
    return safe.length() > MOST_SAID ? safe.substring(0, MOST_SAID) + "…" : safe;
  }

  /** Images by repository, each once. */
  private final class Found {
    private final Listing listing;
    private final Map<String, TreeSet<String>> images = new TreeMap<>();
    private final Set<String> odd = new HashSet<>();
    private int count;
    private boolean full;

    Found(Listing listing) {
      this.listing = listing;
    }

    void take(String plural, HasMetadata item, @Nullable PodSpec spec) throws InterruptedException {
      if (spec == null) {
        return;
      }
      for (String image : names(spec)) {
        take(plural, item, image);
      }
    }

    private void take(String plural, HasMetadata item, String image) throws InterruptedException {
      try {
        InRegistry reference = naming.image(image);
        if (!listing.wants(reference.registry(), reference.repository())) {
          return;
        }
        TreeSet<String> ofRepository =
            images.computeIfAbsent(
                reference.registry() + "/" + reference.repository(), r -> new TreeSet<>());
        if (!ofRepository.contains(reference.canonical()) && hasRoom()) {
          ofRepository.add(reference.canonical());
          count++;
        }
      } catch (ScanException.InvalidReference e) {
        if (odd.size() < MOST_SAID && odd.add(image)) {
          listing.unlisted(
              "an image of "
                  + plural
                  + " in namespace "
                  + Printable.of(String.valueOf(item.getMetadata().getNamespace())),
              e);
        }
      }
    }

    private boolean hasRoom() {
      if (count < MOST_IMAGES) {
        return true;
      }
      if (!full) {
        full = true;
        listing.unlisted(
            "images beyond " + MOST_IMAGES + " of " + name,
            new ScanException.LimitExceeded("the cluster has more than " + MOST_IMAGES));
      }
      return false;
    }

    void tell() throws ScanException, InterruptedException {
      for (TreeSet<String> ofRepository : images.values()) {
        for (String canonical : ofRepository) {
          listing.found(ListedReference.of(naming.image(canonical)));
        }
      }
    }
  }

  private static List<String> names(PodSpec spec) {
    List<String> names = new ArrayList<>();
    Stream.of(spec.getInitContainers(), spec.getContainers())
        .filter(Objects::nonNull)
        .flatMap(List::stream)
        .map(Container::getImage)
        .filter(Objects::nonNull)
        .forEach(names::add);
    Optional.ofNullable(spec.getEphemeralContainers()).stream()
        .flatMap(List::stream)
        .map(EphemeralContainer::getImage)
        .filter(Objects::nonNull)
        .forEach(names::add);
    return names;
  }

  @Override
  public boolean isWritten() {
    return true;
  }

  @Override
  public void close() {
    client.close();
  }
}
