package dev.imgcompat.service.lookup;

import dev.imgcompat.core.verdict.Decision;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The answer at a build start, as it goes into a body.
 *
 * @param image as it was asked for
 * @param canonical the reference in full
 * @param digest of the manifest of the image
 * @param platform that was asked for
 * @param runtime that was asked for
 * @param decision {@code UNKNOWN} where nothing, or not enough, is known
 * @param executor a hint: what the router calls the place where this image runs
 * @param kernelParams what the guest needs
 * @param annotations of the pod that give it these
 * @param reasons one line each
 * @param scannedAt when the image was looked at, as ISO 8601 in UTC
 * @param stale whether the tag may name another image by now, or the verdict is one of older rules
 * @param listRevision the revision of the lists; 0 before the first one
 */
public record Answer(
    String image,
    String canonical,
    Optional<String> digest,
    String platform,
    String runtime,
    Decision decision,
    String executor,
    List<String> kernelParams,
    Map<String, String> annotations,
    List<String> reasons,
    Optional<String> scannedAt,
    boolean stale,
    long listRevision) {}
