package dev.imgcompat.core.registry;

import dev.imgcompat.core.image.Bytes;
import dev.imgcompat.core.image.Digest;
import dev.imgcompat.core.image.ReferenceParts;
import dev.imgcompat.core.image.ScanException;
import dev.imgcompat.core.registry.RegistryListings.Taker;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.HttpStatus;

/**
 * A list that a registry gives in pages. One page is held at a time, and no connection while its
 * items are taken. For one thread.
 */
final class PagedList {
  private static final int SMALL = 1_024;
  private static final Pattern EMPTY =
      Pattern.compile("\"(?:repositories|tags)\"\\s*:\\s*(?:null|\\[\\s*\\])");

  private static final int MAX_PAGE_BYTES = 4 << 20;

  /** More than any registry has. */
  private static final long MOST_ITEMS = 10_000_000;

  private static final long MOST_PAGES = 1_000_000;

  private final RegistryHost host;
  private final Question whole;
  private final int pageSize;
  private final NameList names;
  private final LoopWatch<String> targets = new LoopWatch<>();
  private final LoopWatch<Digest> contents = new LoopWatch<>();

  private PagedList(
      RegistryHost host,
      Question whole,
      int pageSize,
      String member,
      Predicate<String> isName,
      String kind) {
    this.host = host;
    this.whole = whole;
    this.pageSize = pageSize;
    this.names = new NameList(host, whole.what(), member, isName, kind, MOST_ITEMS);
  }

  /** The repositories of a registry. */
  static PagedList ofRepositories(RegistryHost host, int pageSize) {
    return new PagedList(
        host,
        Question.ofCatalog(),
        pageSize,
        "repositories",
        ReferenceParts::isRepository,
        "the name of a repository");
  }

  /** The tags of a repository. */
  static PagedList ofTags(RegistryHost host, String repository, int pageSize) {
    return new PagedList(
        host, Question.ofTags(repository), pageSize, "tags", ReferenceParts::isTag, "a tag");
  }

  /**
   * A page.
   *
   * @param body absent if the registry does not give as much at once
   * @param next the target of the next one
   */
  private record Page(Optional<byte[]> body, Optional<String> next) {}

  /** Reads the list to its end; once. */
  void forEach(Taker<String> taker) throws ScanException, InterruptedException {
    Optional<String> target = Optional.of(whole.target() + "?n=" + pageSize);
    boolean first = true;
    for (long pages = 0; target.isPresent(); pages++) {
      if (pages >= MOST_PAGES) {
        throw new ScanException.LimitExceeded(
            "registry " + host.name() + " lists " + whole.what() + " on too many pages");
      }
      Page page = page(target.get(), first);
      if (page.body().isEmpty()) {
        page = page(whole.target(), false);
      }
      first = false;
      byte[] body = page.body().orElseThrow();
      boolean isNew = isEmpty(body) || !contents.hasSeen(Bytes.digest(body));
      if (targets.hasSeen(target.get()) || !isNew) {
        throw Failures.senseless(
            host.name(),
            whole.what(),
            "its links lead in a circle: what it lists has been there before");
      }
      names.read(body, taker);
      target = page.next();
    }
  }

  /** Registries leave out what somebody may not see, and keep the pages: some are empty. */
  private static boolean isEmpty(byte[] body) {
    return body.length <= SMALL && EMPTY.matcher(new String(body, StandardCharsets.UTF_8)).find();
  }

  /**
   * Asks for a page.
   *
   * @param limited whether the number of items in it is our choice
   */
  private Page page(String target, boolean limited) throws ScanException, InterruptedException {
    Question question = whole.at(target);
    return host.read(
        question,
        host::tries,
        MAX_PAGE_BYTES,
        (response, body) -> page(question, limited, response, body));
  }

  private Page page(Question question, boolean limited, ClassicHttpResponse response, byte[] body)
      throws IOException {
    if (response.getCode() == HttpStatus.SC_BAD_REQUEST) {
      if (limited) {
        return new Page(Optional.empty(), Optional.empty());
      }
      throw new BadAnswer("it answered status 400");
    }
    return new Page(Optional.of(body), NextLink.of(response, host.address(question)));
  }
}
