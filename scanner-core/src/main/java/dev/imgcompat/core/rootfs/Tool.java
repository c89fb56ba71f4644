package dev.imgcompat.core.rootfs;

import java.util.Optional;

/**
 * A tool of an image that guests may not suit.
 *
 * @param name such as {@code rpm}, {@code zypper}, {@code dockerd} or {@code systemd}
 * @param version such as {@code 4.8.0}; absent where nothing tells
 * @param path of what told the version, or of the tool itself
 * @param layer index of the layer that has it, or -1
 * @param source {@code program}, {@code library}, or the database
 * @param scope {@code START} where the image starts it
 */
public record Tool(
    String name, Optional<String> version, String path, int layer, String source, Scope scope) {}
