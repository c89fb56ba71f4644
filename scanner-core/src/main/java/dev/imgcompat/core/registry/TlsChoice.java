package dev.imgcompat.core.registry;

import dev.imgcompat.core.access.TlsContexts;
import dev.imgcompat.core.image.ScanException;
import dev.imgcompat.core.image.TransferException;
import dev.imgcompat.core.registry.RegistrySettings.Trust;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.apache.hc.client5.http.ssl.DefaultClientTlsStrategy;
import org.apache.hc.client5.http.ssl.NoopHostnameVerifier;
import org.apache.hc.client5.http.ssl.TlsSocketStrategy;
import org.apache.hc.core5.http.protocol.HttpContext;
import org.jspecify.annotations.Nullable;

/**
 * Encrypts connections: to the registry itself as its settings say; to others, which it sends us
 * to, with the same trust, but without our certificate, and always verified.
 */
final class TlsChoice implements TlsSocketStrategy {
  private final HostAndPort registry;
  private final List<Path> authorities;
  private final Optional<SSLContext> unverified;
  private final AtomicBoolean anyTrusted = new AtomicBoolean();
  private final AtomicBoolean certificateWanted = new AtomicBoolean();
  private @Nullable SSLContext own;
  private @Nullable SSLContext others;

  /**
   * Reads the certificates that are named; those of Java wait until TLS is spoken.
   *
   * @param registry as it is connected to
   * @throws ScanException if they cannot be read
   */
  TlsChoice(HostAndPort registry, Trust trust) throws ScanException {
    this.registry = registry;
    this.authorities = trust.authorities();
    this.unverified =
        trust.insecure()
            ? Optional.of(TlsContexts.trustingAll(trust.identity()))
            : Optional.empty();
    if (!authorities.isEmpty()) {
      others = TlsContexts.verifying(authorities, Optional.empty());
    }
    if (trust.identity().isPresent()) {
      own = TlsContexts.verifying(authorities, trust.identity());
    }
  }

  /** Whether the registry asked for a certificate of ours, and we had none. */
  boolean isCertificateWanted() {
    return certificateWanted.get();
  }

  /** From now on the registry may show any certificate, if it is named insecure. */
  void trustAnyRegistry() {
    anyTrusted.set(unverified.isPresent());
  }

  @Override
  public SSLSocket upgrade(
      Socket socket, String target, int port, Object attachment, HttpContext context)
      throws IOException {
    boolean isRegistry = registry.equals(HostAndPort.of(target, port));
    TlsSocketStrategy strategy =
        isRegistry && anyTrusted.get()
            ? new DefaultClientTlsStrategy(unverified.orElseThrow(), NoopHostnameVerifier.INSTANCE)
            : new DefaultClientTlsStrategy(isRegistry ? own() : others());
    return strategy.upgrade(socket, target, port, attachment, context);
  }

  private synchronized SSLContext own() throws IOException {
    if (own == null) {
      try {
        own = TlsContexts.verifying(authorities, () -> certificateWanted.set(true));
      } catch (ScanException e) {
        throw new TransferException(e);
      }
    }
    return own;
  }

  private synchronized SSLContext others() throws IOException {
    if (others == null) {
      try {
        others = TlsContexts.verifying(authorities, Optional.empty());
      } catch (ScanException e) {
        throw new TransferException(e);
      }
    }
    return others;
  }
}
