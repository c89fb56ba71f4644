package dev.imgcompat.service.store;

import dev.imgcompat.core.verdict.Decision;
import java.util.Optional;

/**
 * Which references to list.
 *
 * @param runtime whose verdict {@code decision} is about
 * @param decision only those; a reference without a verdict is UNKNOWN
 * @param registry only those of one registry, such as {@code docker.io}
 * @param repository only those of one repository, such as {@code library/centos}
 * @param platform only those for one
 * @param digest only those of one image, or of one index
 * @param text only those whose canonical reference has it, whatever the case; nothing in it is a
 *     wildcard
 * @param after only those that come after this one
 * @param limit at most so many
 */
public record ImageQuery(
    String runtime,
    Optional<Decision> decision,
    Optional<String> registry,
    Optional<String> repository,
    Optional<String> platform,
    Optional<String> digest,
    Optional<String> text,
    Optional<ReferenceKey> after,
    int limit) {}
