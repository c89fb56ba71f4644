package dev.imgcompat.core.rootfs;

import java.util.List;
import java.util.Optional;

/**
 * A program that a build starts through, and what it would load.
 *
 * @param command as the config or the launcher names it
 * @param configured whether the config names it, rather than a launcher
 * @param resolved the file behind it, after PATH and links; absent where there is none
 * @param layer index of the layer that has the file, or -1
 * @param script the script on the way, where the command is one
 * @param interpreter the ELF interpreter
 * @param libc the path of the C library that it would load
 * @param clocks which functions that may call the vsyscall page it imports; absent where unknown
 * @param steps how the file was found, in words, in order
 * @param problem why it cannot be started
 */
public record StartProgram(
    String command,
    boolean configured,
    Optional<String> resolved,
    int layer,
    Optional<String> script,
    Optional<String> interpreter,
    Optional<String> libc,
    Optional<List<String>> clocks,
    List<String> steps,
    Optional<StartProblem> problem) {
  public StartProgram {
    clocks = clocks.map(List::copyOf);
    steps = List.copyOf(steps);
  }
}
