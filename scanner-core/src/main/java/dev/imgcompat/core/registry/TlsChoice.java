package dev.imgcompat.core.registry;

import dev.imgcompat.core.access.TlsContexts;
import dev.imgcompat.core.image.ScanException;
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

/**
 * Encrypts connections: to the registry itself as its settings say; to others, which it sends us
 * to, with the same trust, but without our certificate, and always verified.
 */
final class TlsChoice implements TlsSocketStrategy {
  private final HostAndPort registry;
  private final Optional<SSLContext> own;
  private final Optional<SSLContext> others;
  private final Optional<SSLContext> unverified;
  private final AtomicBoolean anyTrusted = new AtomicBoolean();

  /** Takes some time to be read, which plain http does not need. */
  private static final class JavaAuthorities {
    static final SSLContext CONTEXT = read();

    private static SSLContext read() {
      try {
        return TlsContexts.verifying(List.of(), Optional.empty());
      } catch (ScanException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  /**
   * Reads the certificates.
   *
   * @param registry as it is connected to
   * @throws ScanException if they cannot be read
   */
  TlsChoice(HostAndPort registry, Trust trust) throws ScanException {
    this.registry = registry;
    List<Path> authorities = trust.authorities();
    this.others =
        authorities.isEmpty()
            ? Optional.empty()
            : Optional.of(TlsContexts.verifying(authorities, Optional.empty()));
    this.own =
        trust.identity().isEmpty()
            ? others
            : Optional.of(TlsContexts.verifying(authorities, trust.identity()));
    this.unverified =
        trust.insecure()
            ? Optional.of(TlsContexts.trustingAll(trust.identity()))
            : Optional.empty();
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
            : verifying(isRegistry ? own : others);
    return strategy.upgrade(socket, target, port, attachment, context);
  }

  private static TlsSocketStrategy verifying(Optional<SSLContext> context) {
    return new DefaultClientTlsStrategy(context.orElseGet(() -> JavaAuthorities.CONTEXT));
  }
}
