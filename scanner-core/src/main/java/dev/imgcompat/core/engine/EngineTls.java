package dev.imgcompat.core.engine;

import dev.imgcompat.core.access.ClientIdentity;
import dev.imgcompat.core.access.TlsContexts;
import dev.imgcompat.core.image.ScanException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLContext;

/**
 * How to encrypt, whom to trust, and as whom to appear: docker's files {@code ca.pem}, {@code
 * cert.pem} and {@code key.pem}.
 *
 * @param context made of them
 * @param verifies whether the engine's certificate and its name are checked
 * @param identified whether there is a certificate to show to the engine
 */
record EngineTls(SSLContext context, boolean verifies, boolean identified) {
  /** TLS with what Java trusts. */
  static EngineTls ofJava() throws ScanException {
    return new EngineTls(TlsContexts.verifying(List.of(), Optional.empty()), true, false);
  }

  /**
   * TLS that trusts {@code ca.pem} of a directory, and nobody else.
   *
   * @param caNeeded whether it is an error that there is no such file; otherwise Java's trust is
   *     taken
   */
  static EngineTls verifying(Path directory, boolean caNeeded) throws ScanException {
    Optional<ClientIdentity> identity = identity(directory);
    Path ca = directory.resolve("ca.pem");
    SSLContext context =
        caNeeded || Files.exists(ca)
            ? TlsContexts.trustingOnly(ca, identity)
            : TlsContexts.verifying(List.of(), identity);
    return new EngineTls(context, true, identity.isPresent());
  }

  /** TLS that does not ask who the engine is. */
  static EngineTls trustingAll(Path directory) throws ScanException {
    Optional<ClientIdentity> identity = identity(directory);
    return new EngineTls(TlsContexts.trustingAll(identity), false, identity.isPresent());
  }

  private static Optional<ClientIdentity> identity(Path directory) {
    ClientIdentity identity =
        new ClientIdentity(directory.resolve("cert.pem"), directory.resolve("key.pem"));
    return Files.exists(identity.certificate()) || Files.exists(identity.key())
        ? Optional.of(identity)
        : Optional.empty();
  }
}
