package dev.imgcompat.core.registry;

import java.util.Optional;

/** What a registry is shown credentials for, or a token, one at a time. */
sealed interface Scope {
  /** As token servers call it; empty for what is not asked for with their tokens. */
  Optional<String> token();

  /** The repository whose credentials these are; empty for those of the registry. */
  default String repository() {
    return "";
  }

  /**
   * Pulling from a repository, and listing its tags.
   *
   * @param repository in the registry
   */
  record Pulling(String repository) implements Scope {
    @Override
    public Optional<String> token() {
      return Optional.of("repository:" + repository + ":pull");
    }
  }

  /** Listing the repositories. */
  record Catalog() implements Scope {
    @Override
    public Optional<String> token() {
      return Optional.of("registry:catalog:*");
    }
  }

  /**
   * The API of the registry's own program: it takes credentials as they are, and answers less
   * without them instead of asking for some. So they are shown at once.
   */
  record Api() implements Scope {
    @Override
    public Optional<String> token() {
      return Optional.empty();
    }
  }
}
