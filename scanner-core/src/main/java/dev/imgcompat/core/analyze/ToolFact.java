package dev.imgcompat.core.analyze;

import dev.imgcompat.core.layer.FileFact;

/**
 * The file is a tool, or a library of it, whose version matters.
 *
 * @param tool {@code rpm} or {@code systemd}
 * @param version such as {@code 4.8.0}
 */
public record ToolFact(String tool, String version) implements FileFact {}
