package dev.imgcompat.core.source;

import dev.imgcompat.core.image.Descriptor;
import dev.imgcompat.core.image.Digest;
import dev.imgcompat.core.image.ManifestDocument;
import dev.imgcompat.core.image.ManifestDocument.Index;
import dev.imgcompat.core.image.ManifestParser;
import dev.imgcompat.core.image.Platform;
import dev.imgcompat.core.image.ScanException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/** An index and those that are nested in it, each loaded once, when it is needed. */
final class IndexTree {
  /** An index of indexes is allowed; nobody nests deeper. */
  private static final int MAX_NESTING = 3;

  private static final int MAX_INDEXES = 64;

  /** As many images as one reference may lead to. */
  private static final int MAX_IMAGES = 10_000;

  private final Index root;
  private final ManifestStore store;
  private final Map<Digest, Index> loaded = new HashMap<>();

  IndexTree(Index root, ManifestStore store) {
    this.root = root;
    this.store = store;
  }

  /** Says how well a descriptor's platform serves, the lower the better; empty if not at all. */
  @FunctionalInterface
  interface Ranking {
    OptionalInt rank(Optional<Platform> platform);
  }

  /** Every manifest of the tree that is no index and no attestation, in order. */
  List<Descriptor> leaves() throws ScanException, InterruptedException {
    List<Descriptor> leaves = new ArrayList<>();
    flatten(root, leaves, new HashSet<>(), 1);
    return leaves;
  }

  private void flatten(Index index, List<Descriptor> into, Set<Digest> seen, int depth)
      throws ScanException, InterruptedException {
    for (Descriptor descriptor : index.manifests()) {
      if (descriptor.isAttestation()) {
        continue;
      }
      if (!descriptor.isIndex()) {
        into.add(descriptor);
        if (into.size() > MAX_IMAGES) {
          throw new ScanException.LimitExceeded("an index of more than " + MAX_IMAGES + " images");
        }
      } else if (seen.add(descriptor.digest())) {
        flatten(nested(descriptor, depth), into, seen, depth + 1);
      }
    }
  }

  /**
   * The manifest that ranks best: at each level the best descriptor, and of equal ones the first,
   * that leads to any.
   */
  Optional<Descriptor> best(Ranking ranking) throws ScanException, InterruptedException {
    return best(root, ranking, new HashSet<>(), 1);
  }

  private record Candidate(Descriptor descriptor, int rank) {}

  private Optional<Descriptor> best(Index index, Ranking ranking, Set<Digest> seen, int depth)
      throws ScanException, InterruptedException {
    List<Candidate> candidates = new ArrayList<>();
    for (Descriptor descriptor : index.manifests()) {
      OptionalInt rank = ranking.rank(descriptor.platform());
      if (rank.isPresent() && !descriptor.isAttestation() && !descriptor.isArtifact()) {
        candidates.add(new Candidate(descriptor, rank.getAsInt()));
      }
    }
    candidates.sort(Comparator.comparingInt(Candidate::rank));
    for (Candidate candidate : candidates) {
      Descriptor descriptor = candidate.descriptor();
      if (!descriptor.isIndex()) {
        return Optional.of(descriptor);
      }
      if (seen.add(descriptor.digest())) {
        Optional<Descriptor> inner = best(nested(descriptor, depth), ranking, seen, depth + 1);
        if (inner.isPresent()) {
          return inner;
        }
      }
    }
    return Optional.empty();
  }

  private Index nested(Descriptor descriptor, int depth)
      throws ScanException, InterruptedException {
    Index known = loaded.get(descriptor.digest());
    if (depth >= MAX_NESTING) {
      throw new ScanException.LimitExceeded("an index nested more than " + MAX_NESTING + " deep");
    }
    if (known != null) {
      return known;
    }
    if (loaded.size() >= MAX_INDEXES) {
      throw new ScanException.LimitExceeded("an index of more than " + MAX_INDEXES + " indexes");
    }
    ManifestDocument document = document(descriptor, store);
    if (document instanceof Index index) {
      loaded.put(descriptor.digest(), index);
      return index;
    }
    throw new IllegalStateException(descriptor.mediaType() + " is of an index");
  }

  /** Loads what a descriptor of an index points to, which must be what it says. */
  static ManifestDocument document(Descriptor descriptor, ManifestStore store)
      throws ScanException, InterruptedException {
    ManifestDocument document =
        ManifestParser.manifest(store.manifest(descriptor), "manifest " + descriptor.digest());
    if (!document.agreesWith(descriptor.mediaType())
        || (document instanceof Index && !descriptor.isIndex())) {
      throw new ScanException.Damaged(
          "manifest "
              + descriptor.digest()
              + " has not the form of its media type in the index, "
              + (descriptor.mediaType().isEmpty() ? "which is missing" : descriptor.mediaType()),
          null);
    }
    return document;
  }
}
