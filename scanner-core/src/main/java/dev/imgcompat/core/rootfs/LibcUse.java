package dev.imgcompat.core.rootfs;

import java.util.List;

/**
 * A C library, and the programs that would load it.
 *
 * @param libc the library
 * @param scope of the most important of the programs; {@code LIBRARY} where there are no programs
 *     at all, {@code INERT} where there are, but none loads it
 * @param programs how many programs load it
 * @param examples the paths of some of them
 */
public record LibcUse(Libc libc, Scope scope, int programs, List<String> examples) {
  public LibcUse {
    examples = List.copyOf(examples);
  }
}
