package dev.imgcompat.core.analyze;

import dev.imgcompat.core.layer.FileFact;

/**
 * The bytes of the file tell of a C library: it is one, or has one linked in.
 *
 * @param family {@code glibc}, {@code musl} or {@code uclibc}
 * @param version such as {@code 2.12}; empty where the bytes do not tell
 * @param source {@code banner}, {@code string}, or {@code file-name}
 * @param text what was seen
 */
public record LibcFact(String family, String version, String source, String text)
    implements FileFact {}
