package dev.imgcompat.core.export;

import dev.imgcompat.core.router.ImageName;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Which names a published list sends where. Digests are abbreviated as patterns abbreviate them.
 *
 * @param places by name; {@code excluded}, or the kernel parameters
 * @param foreign entries that are not written as this program writes them, by their text
 */
record Listing(SortedMap<ImageName, String> places, SortedMap<String, String> foreign) {
  /** The place of what is kept away. */
  static final String EXCLUDED = "excluded";

  Listing {
    places = Collections.unmodifiableSortedMap(new TreeMap<>(places));
    foreign = Collections.unmodifiableSortedMap(new TreeMap<>(foreign));
  }
}
