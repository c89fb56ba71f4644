package dev.imgcompat.core.registry;

/**
 * What a registry is asked for.
 *
 * @param repository in that registry
 * @param path behind the repository, such as {@code manifests/6.8}
 * @param accept media types
 * @param from the first byte that is wanted
 * @param hasBody whether its bytes are wanted; otherwise only what is said of them
 * @param what it is, for messages
 */
record Question(
    String repository, String path, String accept, long from, boolean hasBody, String what) {
  static Question of(String repository, String path, String accept, String what) {
    return new Question(repository, path, accept, 0, true, what);
  }

  Question from(long position) {
    return new Question(repository, path, accept, position, hasBody, what);
  }

  /** The same, but only for what would be said of it. */
  Question headOnly() {
    return new Question(repository, path, accept, from, false, what);
  }

  Question called(String name) {
    return new Question(repository, path, accept, from, hasBody, name);
  }

  /** The target of the request. */
  String target() {
    return "/v2/" + repository + "/" + path;
  }

  boolean isForManifest() {
    return path.startsWith("manifests/");
  }
}
