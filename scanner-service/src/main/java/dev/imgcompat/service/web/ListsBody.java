package dev.imgcompat.service.web;

import dev.imgcompat.service.lists.ListGuard;
import dev.imgcompat.service.lists.Lists;
import java.time.Instant;
import java.util.Optional;

/**
 * The lists, in short.
 *
 * @param revision 0 before the first one
 * @param madeAt when that was; absent before the first one
 * @param guard whether a newer revision is held back
 */
record ListsBody(long revision, Optional<Instant> madeAt, ListGuard guard) {
  static ListsBody of(Lists lists) {
    long revision = lists.revision();
    return new ListsBody(
        revision, Optional.of(lists.madeAt()).filter(t -> revision > 0), lists.guard());
  }
}
