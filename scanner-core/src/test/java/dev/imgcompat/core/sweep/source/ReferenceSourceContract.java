package dev.imgcompat.core.sweep.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.imgcompat.core.image.Printable;
import dev.imgcompat.core.image.ScanException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What every source does. Subclasses say what theirs lists, and make it fail. */
@Timeout(120)
public abstract class ReferenceSourceContract {
  /** A source that lists what is {@link #expected}. The test closes it. */
  protected abstract ReferenceSource source() throws Exception;

  /**
   * The references in full, in their order: so many that they cannot be learned at once, and if the
   * source lists several repositories, of three at least.
   */
  protected abstract List<String> expected();

  /** How often somebody was asked, or how much was read, up to now. */
  protected abstract int asked();

  /** Has something that cannot be listed from now on: for a new source, or the next listing. */
  protected abstract void breakSomething() throws Exception;

  /** Those of the expected references that are not listed then. */
  protected abstract List<String> broken();

  /**
   * Whether something was asked for a repository by its name.
   *
   * @param repository with its registry
   */
  protected abstract boolean isAskedFor(String repository);

  /**
   * Whether what is found first is told before the rest is asked for; not so of what can be held.
   */
  protected boolean isStreamed() {
    return true;
  }

  /** The repository of a reference in full, with its registry. */
  protected static String repository(String canonical) {
    String name = canonical.replaceFirst("@.*", "");
    int colon = name.lastIndexOf(':');
    return colon > name.lastIndexOf('/') ? name.substring(0, colon) : name;
  }

  @Test
  void listsAllThatIsThere() throws Exception {
    RecordedListing listing = new RecordedListing();
    try (ReferenceSource source = source()) {
      source.list(listing);
    }
    assertThat(listing.unlisted()).isEmpty();
    assertThat(listing.names()).containsExactlyElementsOf(expected());
  }

  @Test
  void listsTheSameAgain() throws Exception {
    RecordedListing first = new RecordedListing();
    RecordedListing second = new RecordedListing();
    try (ReferenceSource source = source()) {
      source.list(first);
      source.list(second);
    }
    assertThat(second.found()).isEqualTo(first.found());
    assertThat(second.names()).containsExactlyElementsOf(expected());
  }

  @Test
  void listsFromTheBeginningAfterItWasInterrupted() throws Exception {
    try (ReferenceSource source = source()) {
      assertThatThrownBy(() -> source.list(new Interrupting()))
          .isInstanceOf(InterruptedException.class);
      RecordedListing listing = new RecordedListing();
      source.list(listing);
      assertThat(listing.names()).containsExactlyElementsOf(expected());
    }
  }

  @Test
  void tellsWhatItFoundBeforeItAsksForTheRest() throws Exception {
    List<Integer> asked = new ArrayList<>();
    try (ReferenceSource source = source()) {
      source.list(
          new Passing() {
            @Override
            public void found(ListedReference reference) {
              asked.add(asked());
            }
          });
    }
    assertThat(asked).hasSameSizeAs(expected());
    assertThat(asked.get(0) < asked.get(asked.size() - 1)).isEqualTo(isStreamed());
    assertThat(asked.get(0) < asked()).isEqualTo(isStreamed());
  }

  @Test
  void referencesOfARepositoryComeTogether() throws Exception {
    RecordedListing listing = new RecordedListing();
    try (ReferenceSource source = source()) {
      source.list(listing);
    }
    Set<String> past = new HashSet<>();
    String current = "";
    for (String name : listing.names()) {
      if (!repository(name).equals(current)) {
        assertThat(past.add(current)).isTrue();
        current = repository(name);
        assertThat(past).doesNotContain(current);
      }
    }
    assertThat(current).isNotEmpty();
  }

  @Test
  void oneThingThatFailsIsToldAndTheRestGoesOn() throws Exception {
    breakSomething();
    RecordedListing listing = new RecordedListing();
    try (ReferenceSource source = source()) {
      source.list(listing);
    }
    List<String> rest = new ArrayList<>(expected());
    rest.removeAll(broken());
    assertThat(listing.names()).containsExactlyElementsOf(rest);
    assertThat(listing.unlisted()).hasSize(1);
    listing
        .unlisted()
        .forEach(
            (what, why) -> {
              assertThat(what).isNotBlank().isEqualTo(Printable.of(what));
              assertThat(why.getMessage()).isNotBlank();
            });
  }

  @Test
  void whatIsNotWantedIsNotAskedFor() throws Exception {
    String unwanted = repository(expected().get(expected().size() - 1));
    RecordedListing listing = new RecordedListing(repository -> !repository.equals(unwanted));
    try (ReferenceSource source = source()) {
      source.list(listing);
    }
    assertThat(listing.names())
        .containsExactlyElementsOf(
            expected().stream().filter(name -> !repository(name).equals(unwanted)).toList());
    assertThat(isAskedFor(unwanted)).isFalse();
  }

  @Test
  void interruptionEndsIt() throws Exception {
    Interrupting listing = new Interrupting();
    try (ReferenceSource source = source()) {
      assertThatThrownBy(() -> source.list(listing)).isInstanceOf(InterruptedException.class);
      assertThat(listing.count).isEqualTo(1);

      Thread.currentThread().interrupt();
      assertThatThrownBy(() -> source.list(new Passing())).isInstanceOf(InterruptedException.class);
    } finally {
      assertThat(Thread.interrupted()).isFalse();
    }
  }

  @Test
  void isClosedAsOftenAsOneLikes() throws Exception {
    ReferenceSource source = source();
    source.list(new Passing());
    source.close();
    source.close();

    source().close(); // one that was never used
  }

  @Test
  void saysInOneLineWhatItLists() throws Exception {
    try (ReferenceSource source = source()) {
      assertThat(source.name()).isNotBlank().isEqualTo(Printable.of(source.name()));
    }
  }

  private static class Passing implements Listing {
    @Override
    public boolean wants(String registry, String repository) {
      return true;
    }

    @Override
    public void found(ListedReference reference) throws InterruptedException {}

    @Override
    public void unlisted(String what, ScanException why) {}
  }

  private static final class Interrupting extends Passing {
    private int count;

    @Override
    public void found(ListedReference reference) throws InterruptedException {
      count++;
      throw new InterruptedException();
    }
  }
}
