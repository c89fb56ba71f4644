package dev.imgcompat.service.store;

import java.time.Instant;

/**
 * What the lists are made of at one revision.
 *
 * @param revision from 1, each one more than the one before
 * @param madeAt when, in whole milliseconds
 * @param fingerprint the same for the same decisions
 * @param report the report, as gzip-compressed JSON
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record ListRevision(long revision, Instant madeAt, String fingerprint, byte[] report) {}
