package dev.imgcompat.core.rootfs;

import java.util.Arrays;
import java.util.function.IntPredicate;

/**
 * The files without facts in one directory: the hash of each name, and the layer that put it there.
 * In open addressing, since a boxed map would take several times the memory.
 */
final class NameOwners {
  private static final int FREE = -1;

  private long[] hashes = new long[0];
  private int[] owners = new int[0];
  private int used;

  boolean isEmpty() {
    return used == 0;
  }

  boolean contains(long hash) {
    return used > 0 && owners[find(hash)] != FREE;
  }

  void put(long hash, int owner) {
    if ((used + 1) * 2 > hashes.length) {
      resize(Math.max(8, hashes.length * 2));
    }
    int slot = find(hash);
    if (owners[slot] == FREE) {
      used++;
      hashes[slot] = hash;
    }
    owners[slot] = owner;
  }

  /** Removes a name if its owner is one of those. */
  void remove(long hash, IntPredicate owner) {
    if (used == 0) {
      return;
    }
    int slot = find(hash);
    if (owners[slot] == FREE || !owner.test(owners[slot])) {
      return;
    }
    used--;
    // What follows in the run may have been pushed there: close the gap.
    int gap = slot;
    for (int next = next(gap); owners[next] != FREE; next = next(next)) {
      int home = home(hashes[next]);
      boolean stays = gap <= next ? gap < home && home <= next : gap < home || home <= next;
      if (!stays) {
        hashes[gap] = hashes[next];
        owners[gap] = owners[next];
        gap = next;
      }
    }
    owners[gap] = FREE;
  }

  /** Removes all names whose owner is one of those. */
  void removeAll(IntPredicate owner) {
    NameOwners kept = new NameOwners();
    for (int slot = 0; slot < hashes.length; slot++) {
      if (owners[slot] != FREE && !owner.test(owners[slot])) {
        kept.put(hashes[slot], owners[slot]);
      }
    }
    hashes = kept.hashes;
    owners = kept.owners;
    used = kept.used;
  }

  private void resize(int length) {
    long[] oldHashes = hashes;
    int[] oldOwners = owners;
    hashes = new long[length];
    owners = new int[length];
    Arrays.fill(owners, FREE);
    for (int slot = 0; slot < oldHashes.length; slot++) {
      if (oldOwners[slot] != FREE) {
        int to = find(oldHashes[slot]);
        hashes[to] = oldHashes[slot];
        owners[to] = oldOwners[slot];
      }
    }
  }

  private int find(long hash) {
    int slot = home(hash);
    while (owners[slot] != FREE && hashes[slot] != hash) {
      slot = next(slot);
    }
    return slot;
  }

  private int home(long hash) {
    return (int) hash & (hashes.length - 1);
  }

  private int next(int slot) {
    return (slot + 1) & (hashes.length - 1);
  }
}
