package dev.imgcompat.core.rootfs;

/**
 * The rpm of an image.
 *
 * @param version such as {@code 4.8.0}
 * @param path of what told the version
 * @param layer index of the layer that has it
 * @param source {@code program} or {@code rpm}, the database
 */
public record RpmTool(String version, String path, int layer, String source) {}
