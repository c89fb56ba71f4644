package dev.imgcompat.core.registry;

/**
 * What a registry is asked for.
 *
 * @param kind of it
 * @param scope what is to be shown for it
 * @param target of the request: a path, perhaps with a query
 * @param accept media types
 * @param from the first byte that is wanted
 * @param hasBody whether its bytes are wanted; otherwise only what is said of them
 * @param what it is, for messages
 */
record Question(
    Kind kind, Scope scope, String target, String accept, long from, boolean hasBody, String what) {
  private static final String JSON = "application/json";

  /** Kinds of things, which are missing in different ways. */
  enum Kind {
    MANIFEST,
    BLOB,
    TAGS,
    CATALOG,
    API
  }

  static Question ofManifest(String repository, String qualifier, String accept, String what) {
    return new Question(
        Kind.MANIFEST,
        new Scope.Pulling(repository),
        "/v2/" + repository + "/manifests/" + qualifier,
        accept,
        0,
        true,
        what);
  }

  static Question ofBlob(String repository, Object digest, String what) {
    return new Question(
        Kind.BLOB,
        new Scope.Pulling(repository),
        "/v2/" + repository + "/blobs/" + digest,
        "*/*",
        0,
        true,
        what);
  }

  /** All tags, or as many as the registry lists at once. */
  static Question ofTags(String repository) {
    return new Question(
        Kind.TAGS,
        new Scope.Pulling(repository),
        "/v2/" + repository + "/tags/list",
        JSON,
        0,
        true,
        "the tags of " + repository);
  }

  /** All repositories, or as many as the registry lists at once. */
  static Question ofCatalog() {
    return new Question(
        Kind.CATALOG, new Scope.Catalog(), "/v2/_catalog", JSON, 0, true, "its repositories");
  }

  static Question ofApi(String target, String what) {
    return new Question(Kind.API, new Scope.Api(), target, JSON, 0, true, what);
  }

  Question from(long position) {
    return new Question(kind, scope, target, accept, position, hasBody, what);
  }

  /** The same, but only for what would be said of it. */
  Question headOnly() {
    return new Question(kind, scope, target, accept, from, false, what);
  }

  Question called(String name) {
    return new Question(kind, scope, target, accept, from, hasBody, name);
  }

  /** The same of a list, but for another part of it. */
  Question at(String other) {
    return new Question(kind, scope, other, accept, from, hasBody, what);
  }

  /** The tag or the digest of a manifest. */
  String qualifier() {
    return target.substring(target.lastIndexOf('/') + 1);
  }
}
