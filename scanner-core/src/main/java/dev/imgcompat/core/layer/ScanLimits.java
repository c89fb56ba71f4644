package dev.imgcompat.core.layer;

/**
 * Bounds that guard a scan against hostile layers. What passes one ends the scan of that image.
 *
 * @param layerBytes uncompressed bytes of one layer
 * @param entries of one layer
 * @param items of one layer: programs, links, directories, whiteouts
 * @param factBytes that the facts of one layer may take in memory, roughly
 * @param headerBytes of one entry's tar headers, long names and extended attributes included
 * @param pathCharacters of one path or link target
 */
public record ScanLimits(
    long layerBytes, long entries, int items, long factBytes, int headerBytes, int pathCharacters) {
  /** Far above the largest images known, far below what hurts. */
  public static final ScanLimits DEFAULT =
      new ScanLimits(
          256L << 30,
          10_000_000,
          1_000_000,
          Math.max(64L << 20, Runtime.getRuntime().maxMemory() / 5),
          1 << 20,
          4096);
}
