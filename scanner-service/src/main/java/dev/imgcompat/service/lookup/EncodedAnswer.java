package dev.imgcompat.service.lookup;

/**
 * An answer as it goes over the wire.
 *
 * @param body JSON in UTF-8; not to be changed
 * @param etag a strong entity tag, with its quotes
 * @param settled whether it may be kept for a while: it is neither UNKNOWN nor stale
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record EncodedAnswer(byte[] body, String etag, boolean settled) {}
