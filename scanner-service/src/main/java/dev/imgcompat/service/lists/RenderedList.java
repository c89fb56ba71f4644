package dev.imgcompat.service.lists;

import java.time.Instant;
import java.util.List;

/**
 * A list in one format.
 *
 * @param revision of the lists
 * @param madeAt when that was
 * @param mediaType without parameters
 * @param fileName for whoever saves it
 * @param body the bytes that the command line would write; not to be changed
 * @param etag a strong entity tag, with its quotes
 * @param warnings what the body cannot say; one printable line each
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record RenderedList(
    long revision,
    Instant madeAt,
    String mediaType,
    String fileName,
    byte[] body,
    String etag,
    List<String> warnings) {}
