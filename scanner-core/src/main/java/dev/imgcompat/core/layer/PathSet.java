package dev.imgcompat.core.layer;

/**
 * Paths and the directories above them, each as a 64-bit hash. Two paths with one hash make a path
 * seem to be here that is not; whoever asks must only lose time by that.
 */
final class PathSet {
  /** Of FNV-1a. */
  private static final long SEED = 0xcbf29ce484222325L;

  private static final long PRIME = 0x100000001b3L;

  private LongSet hashes = new LongSet();

  boolean contains(String path) {
    return hashes.contains(hash(path));
  }

  /** Adds a path and all directories above it; returns how many of them are new. */
  int add(String path) {
    int added = 0;
    long hash = SEED;
    for (int i = 0; i < path.length(); i++) {
      if (path.charAt(i) == '/' && hashes.add(finished(hash))) {
        added++;
      }
      hash = (hash ^ path.charAt(i)) * PRIME;
    }
    return hashes.add(finished(hash)) ? added + 1 : added;
  }

  void clear() {
    hashes = new LongSet();
  }

  private static long hash(String path) {
    long hash = SEED;
    for (int i = 0; i < path.length(); i++) {
      hash = (hash ^ path.charAt(i)) * PRIME;
    }
    return finished(hash);
  }

  /** As in MurmurHash3: the set looks at the lowest bits only. */
  private static long finished(long hash) {
    long mixed = (hash ^ (hash >>> 33)) * 0xff51afd7ed558ccdL;
    mixed = (mixed ^ (mixed >>> 33)) * 0xc4ceb9fe1a85ec53L;
    return mixed ^ (mixed >>> 33);
  }
}
