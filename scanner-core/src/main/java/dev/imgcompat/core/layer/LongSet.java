package dev.imgcompat.core.layer;

import java.util.Arrays;

/** A growing set of longs in open addressing: a boxed set would take ten times the memory. */
final class LongSet {
  private long[] slots = new long[8];
  private boolean hasZero;
  private int used;

  /** Adds a value; says whether it is new. */
  boolean add(long value) {
    if (value == 0) {
      boolean added = !hasZero;
      hasZero = true;
      return added;
    }
    if ((used + 1) * 2 > slots.length) {
      long[] old = slots;
      slots = new long[old.length * 2];
      for (long kept : old) {
        if (kept != 0) {
          slots[find(kept)] = kept;
        }
      }
    }
    int slot = find(value);
    if (slots[slot] != 0) {
      return false;
    }
    slots[slot] = value;
    used++;
    return true;
  }

  boolean contains(long value) {
    return value == 0 ? hasZero : slots[find(value)] != 0;
  }

  long[] sorted() {
    long[] values = new long[used + (hasZero ? 1 : 0)];
    int next = hasZero ? 1 : 0;
    for (long value : slots) {
      if (value != 0) {
        values[next++] = value;
      }
    }
    Arrays.sort(values);
    return values;
  }

  /** The slot of a value, or the free one where it would go; the values are hashes already. */
  private int find(long value) {
    int slot = (int) value & (slots.length - 1);
    while (slots[slot] != 0 && slots[slot] != value) {
      slot = (slot + 1) & (slots.length - 1);
    }
    return slot;
  }
}
