package dev.imgcompat.core.rules;

import java.util.Optional;

/**
 * The guest kernels of some versions of a runtime.
 *
 * @param from first version of the runtime, inclusive
 * @param below first version that no longer belongs
 * @param label the versions, for people
 * @param version the lowest of these kernels; absent where the runtime's version is the kernel's
 */
record GuestKernel(
    Optional<String> from, Optional<String> below, String label, Optional<String> version) {
  boolean contains(String runtimeVersion) {
    return Span.within(from, below, runtimeVersion);
  }
}
