package dev.imgcompat.core.registry;

import java.io.IOException;
import java.net.Socket;
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
  private final TlsSocketStrategy own;
  private final TlsSocketStrategy others;
  private final Optional<TlsSocketStrategy> unverified;
  private final AtomicBoolean anyTrusted = new AtomicBoolean();

  /**
   * Creates a choice.
   *
   * @param registry as it is connected to
   * @param own for the registry
   * @param others for all others
   * @param trustingAll for the registry, if it may be had without being verified
   */
  TlsChoice(
      HostAndPort registry, SSLContext own, SSLContext others, Optional<SSLContext> trustingAll) {
    this.registry = registry;
    this.own = new DefaultClientTlsStrategy(own);
    this.others = new DefaultClientTlsStrategy(others);
    this.unverified =
        trustingAll.map(c -> new DefaultClientTlsStrategy(c, NoopHostnameVerifier.INSTANCE));
  }

  /** From now on the registry may show any certificate. */
  void trustAnyRegistry() {
    anyTrusted.set(true);
  }

  @Override
  public SSLSocket upgrade(
      Socket socket, String target, int port, Object attachment, HttpContext context)
      throws IOException {
    TlsSocketStrategy strategy = others;
    if (registry.equals(HostAndPort.of(target, port))) {
      strategy = anyTrusted.get() ? unverified.orElse(own) : own;
    }
    return strategy.upgrade(socket, target, port, attachment, context);
  }
}
