package dev.imgcompat.core.analyze;

import dev.imgcompat.core.layer.FileFact;

/**
 * The file is rpm or one of its libraries.
 *
 * @param version of rpm, such as {@code 4.8.0}
 */
public record RpmFact(String version) implements FileFact {}
