package dev.imgcompat.core.sweep.source;

import dev.imgcompat.core.image.Bytes;
import dev.imgcompat.core.image.Digest;
import dev.imgcompat.core.image.ScanException;
import dev.imgcompat.core.image.ScanException.WhoseMove;
import dev.imgcompat.core.registry.RegistryListings;
import java.io.IOException;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/**
 * Lists that the API of one registry gives in pages; one page is held at a time.
 *
 * @param listings to ask
 * @param registry whose API it is
 */
record ApiLists(RegistryListings listings, String registry) {
  /** How many items these APIs give at once, at most. */
  static final int PAGE_SIZE = 100;

  private static final int MOST_PAGES = 10_000;

  /** Is shown an item. */
  @FunctionalInterface
  interface Item {
    /** Takes it; returns false if it is not what the list is of. */
    boolean take(JsonNode item) throws ScanException, InterruptedException;
  }

  /** Knows where the next page is. */
  @FunctionalInterface
  interface Next {
    /**
     * Returns its path.
     *
     * @param page that was read
     * @param number of the next one, from 2
     */
    Optional<String> after(ApiPage page, int number);
  }

  /**
   * Reads a list to its end.
   *
   * @param what it is of, for messages
   * @param first the path of its first page
   * @param member that has the list; empty where the whole answer is it
   * @param listing is told if there was something else among its items
   */
  void each(
      String what, String first, Optional<String> member, Next next, Listing listing, Item item)
      throws ScanException, InterruptedException {
    Strangers strangers = new Strangers(what, listing, item);
    Optional<String> path = Optional.of(first);
    Digest previous = null;
    for (int number = 1; path.isPresent(); number++) {
      if (number > MOST_PAGES) {
        throw new ScanException.LimitExceeded(
            "registry " + registry + " lists " + what + " on more than " + MOST_PAGES + " pages");
      }
      byte[] json = listings.api(registry, path.get(), what);
      Digest digest = Bytes.digest(json);
      ApiPage page;
      try {
        if (digest.equals(previous)) {
          throw new ApiPage.Senseless("it answers with the same page again and again");
        }
        page = ApiPage.read(json, member, strangers);
      } catch (ApiPage.Senseless e) {
        throw senseless(what, e.getMessage());
      }
      previous = digest;
      path = next.after(page, number + 1);
    }
  }

  private ScanException senseless(String what, String problem) {
    return ScanException.Unavailable.forGood(
        WhoseMove.REGISTRY,
        "registry " + registry + " was asked for " + what + ", but " + problem,
        new IOException(problem));
  }

  /** Tells of the first item that is something else. */
  private final class Strangers implements ApiPage.Item {
    private final String what;
    private final Listing listing;
    private final Item item;
    private boolean told;

    Strangers(String what, Listing listing, Item item) {
      this.what = what;
      this.listing = listing;
      this.item = item;
    }

    @Override
    public void take(JsonNode node) throws ScanException, InterruptedException {
      if (!item.take(node) && !told) {
        told = true;
        listing.unlisted(
            "some of " + what + " of " + registry,
            senseless(what, "not all that it answered makes sense"));
      }
    }
  }
}
