package dev.imgcompat.core.rootfs;

import java.util.Optional;

/**
 * A program that a build starts through, and what it would load.
 *
 * @param command as the config or the launcher names it
 * @param resolved the file behind it, after PATH and links; absent where there is none
 * @param layer index of the layer that has the file, or -1
 * @param script the script on the way, where the command is one
 * @param interpreter the ELF interpreter
 * @param libc the path of the C library that it would load
 */
public record StartProgram(
    String command,
    Optional<String> resolved,
    int layer,
    Optional<String> script,
    Optional<String> interpreter,
    Optional<String> libc) {}
