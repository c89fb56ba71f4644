package dev.imgcompat.core.registry;

/**
 * Where an image can be pulled from.
 *
 * @param host its registry, or a mirror of that
 * @param repository as it is called there
 * @param isMirror whether there is another place behind it
 */
record Place(RegistryHost host, String repository, boolean isMirror) {
  Question question(String path, String accept, String what) {
    return Question.of(repository, path, accept, what);
  }
}
