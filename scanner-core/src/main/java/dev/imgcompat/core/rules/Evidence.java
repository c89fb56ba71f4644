package dev.imgcompat.core.rules;

import dev.imgcompat.core.image.Digest;
import java.util.Optional;

/**
 * Where a finding was seen.
 *
 * @param path in the image, absolute
 * @param layer the blob that holds the file; absent for an unpacked root file system
 * @param detail what was seen there
 */
public record Evidence(String path, Optional<Digest> layer, String detail) {}
