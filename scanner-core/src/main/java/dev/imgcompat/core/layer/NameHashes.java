package dev.imgcompat.core.layer;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;

/**
 * A sorted set of 64-bit hashes of file names: what a layer must say of the files that it wrote and
 * nobody is interested in, in eight bytes each. Immutable.
 *
 * <p>Two names of one directory share a hash by chance once in 2^64. An author can construct such
 * names; what follows is that a layer of his seems to replace a file that it does not.
 */
public final class NameHashes {
  public static final NameHashes NONE = new NameHashes(new long[0]);

  private final long[] sorted;

  private NameHashes(long[] sorted) {
    this.sorted = sorted;
  }

  /** Returns the set of hashes that are sorted already. */
  static NameHashes ofSorted(long[] sorted) {
    return sorted.length == 0 ? NONE : new NameHashes(sorted);
  }

  /** The hash of a name: FNV-1a over its UTF-8 bytes, finished as in MurmurHash3. */
  public static long hash(String name) {
    long hash = 0xcbf29ce484222325L;
    for (byte b : name.getBytes(StandardCharsets.UTF_8)) {
      hash = (hash ^ (b & 0xff)) * 0x100000001b3L;
    }
    hash = (hash ^ (hash >>> 33)) * 0xff51afd7ed558ccdL;
    hash = (hash ^ (hash >>> 33)) * 0xc4ceb9fe1a85ec53L;
    return hash ^ (hash >>> 33);
  }

  /** Whether the hash of a name is in the set. */
  public boolean contains(String name) {
    return Arrays.binarySearch(sorted, hash(name)) >= 0;
  }

  /** The hashes, ascending. */
  public long[] values() {
    return sorted.clone();
  }

  /** How many there are. */
  public int size() {
    return sorted.length;
  }

  @JsonValue
  String encoded() {
    ByteBuffer bytes = ByteBuffer.allocate(sorted.length * Long.BYTES);
    bytes.asLongBuffer().put(sorted);
    return Base64.getEncoder().encodeToString(bytes.array());
  }

  @JsonCreator
  static NameHashes decode(String encoded) {
    ByteBuffer bytes = ByteBuffer.wrap(Base64.getDecoder().decode(encoded));
    long[] hashes = new long[bytes.remaining() / Long.BYTES];
    bytes.asLongBuffer().get(hashes);
    Arrays.sort(hashes);
    return new NameHashes(hashes);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof NameHashes that && Arrays.equals(sorted, that.sorted);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(sorted);
  }

  @Override
  public String toString() {
    return sorted.length + " names";
  }
}
