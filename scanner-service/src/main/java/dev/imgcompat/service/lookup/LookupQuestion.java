package dev.imgcompat.service.lookup;

import java.util.Optional;

/**
 * What is asked at a build start.
 *
 * @param image the reference as the build names it
 * @param platform such as {@code linux/amd64}
 * @param runtime such as {@code kata:3.19}
 */
public record LookupQuestion(String image, Optional<String> platform, Optional<String> runtime) {}
