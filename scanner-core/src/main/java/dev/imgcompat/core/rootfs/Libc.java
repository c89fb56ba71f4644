package dev.imgcompat.core.rootfs;

import dev.imgcompat.core.elf.VsyscallCode;
import java.util.Optional;

/**
 * A C library.
 *
 * @param family {@code glibc}, {@code musl} or {@code uclibc}
 * @param version absent where nothing tells
 * @param path of the file, or of the package database where no file was found
 * @param layer index of the layer that has it
 * @param machine whose code it is; absent where only a database tells of it
 * @param source of the version: {@code banner}, {@code version-definitions}, {@code file-name},
 *     {@code string}, {@code dpkg}, {@code rpm} or {@code apk}
 * @param code what its code has to do with the vsyscall page; absent where only a database tells of
 *     it
 */
public record Libc(
    String family,
    Optional<String> version,
    String path,
    int layer,
    Optional<String> machine,
    String source,
    Optional<VsyscallCode> code) {}
