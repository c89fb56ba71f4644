package dev.imgcompat.core.registry;

/**
 * Where an image can be pulled from.
 *
 * @param host its registry, or a mirror of that
 * @param repository as it is called there
 * @param isMirror whether there is another place behind it
 */
record Place(RegistryHost host, String repository, boolean isMirror) {
  /** The tries of one question, which begin now. */
  Tries tries() {
    // Behind a mirror there is another place, which is the better next try.
    return isMirror ? host.fewTries() : host.tries();
  }
}
