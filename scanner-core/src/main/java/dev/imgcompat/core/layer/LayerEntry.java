package dev.imgcompat.core.layer;

/**
 * The header of one entry of a layer.
 *
 * @param path normalised: no leading slash, no {@code .} or {@code ..}; empty for the root
 * @param type what it is
 * @param mode permission bits, as in {@code st_mode & 07777}
 * @param size of the content in bytes; 0 unless a file
 * @param target of a link, as written; empty unless a link
 */
public record LayerEntry(String path, EntryType type, int mode, long size, String target) {
  /** The last component of the path. */
  public String name() {
    return path.substring(path.lastIndexOf('/') + 1);
  }

  /** Whether anybody may execute it. */
  public boolean isExecutable() {
    return (mode & 0111) != 0;
  }
}
