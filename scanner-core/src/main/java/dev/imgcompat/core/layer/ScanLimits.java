package dev.imgcompat.core.layer;

/**
 * Bounds that guard a scan against hostile layers. What passes one ends the scan of that image.
 *
 * @param layerBytes uncompressed bytes of one layer
 * @param entries of one layer
 * @param items with facts, links and directories of one layer, which are held in memory
 * @param headerBytes of one entry's tar headers, long names and extended attributes included
 * @param pathCharacters of one path or link target
 */
public record ScanLimits(
    long layerBytes, long entries, int items, int headerBytes, int pathCharacters) {
  /** Far above the largest images known, far below what hurts. */
  public static final ScanLimits DEFAULT =
      new ScanLimits(256L << 30, 10_000_000, 1_000_000, 1 << 20, 4096);
}
