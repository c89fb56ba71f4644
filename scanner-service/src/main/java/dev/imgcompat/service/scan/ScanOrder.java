package dev.imgcompat.service.scan;

import java.util.Optional;

/**
 * A scan that somebody asks for.
 *
 * @param image the reference
 * @param platform that it is for
 * @param runtime to judge for
 * @param force whether the registry is asked and the image judged anew even if all is known
 * @param traceParent W3C trace context of whoever asks
 */
public record ScanOrder(
    String image,
    Optional<String> platform,
    Optional<String> runtime,
    boolean force,
    Optional<String> traceParent) {}
