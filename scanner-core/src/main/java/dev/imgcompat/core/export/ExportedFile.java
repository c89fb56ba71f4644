package dev.imgcompat.core.export;

/**
 * A file of an export.
 *
 * @param path relative, with slashes; for exports of one file its usual name
 * @param text of it, which ends with a line break
 */
public record ExportedFile(String path, String text) {}
