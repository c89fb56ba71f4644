package dev.imgcompat.core.access;

import dev.imgcompat.core.image.ScanException;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedKeyManager;
import javax.net.ssl.X509ExtendedTrustManager;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/**
 * Makes TLS contexts of PEM files: whom to trust, and as whom to appear. The files are read at once
 * and checked, a key also for being that of its certificate.
 *
 * <p>All methods fail with {@link ScanException.Unreadable} if a file is missing, too large or
 * damaged, has no certificate or no key, or has an encrypted key or that of another certificate.
 * None is quoted.
 */
public final class TlsContexts {
  private static final char[] NO_PASSWORD = {};

  private TlsContexts() {}

  /**
   * TLS that trusts Java's authorities and some others.
   *
   * @param authorities files with one or more certificates each
   * @param identity is shown to servers that ask for one
   */
  public static SSLContext verifying(List<Path> authorities, Optional<ClientIdentity> identity)
      throws ScanException.Unreadable {
    return context(trusted(authorities), identity);
  }

  /** Who trusts Java's authorities and some others; null for Java's alone. */
  private static TrustManager @Nullable [] trusted(List<Path> authorities)
      throws ScanException.Unreadable {
    if (authorities.isEmpty()) {
      return null;
    }
    List<X509Certificate> trusted = new ArrayList<>(certificates(authorities));
    try {
      for (TrustManager manager : trusting(null)) {
        if (manager instanceof X509TrustManager java) {
          trusted.addAll(Arrays.asList(java.getAcceptedIssuers()));
        }
      }
      return trusting(store(trusted));
    } catch (GeneralSecurityException | IOException e) {
      throw unusable(e);
    }
  }

  /**
   * The same, for somebody who has no certificate to show.
   *
   * @param whenAsked is run when a server asks for one
   */
  public static SSLContext verifying(List<Path> authorities, Runnable whenAsked)
      throws ScanException.Unreadable {
    return context(trusted(authorities), new KeyManager[] {new Nobody(whenAsked)});
  }

  /**
   * TLS that trusts the authorities of one file, and nobody else.
   *
   * @param identity is shown to servers that ask for one
   */
  public static SSLContext trustingOnly(Path authorities, Optional<ClientIdentity> identity)
      throws ScanException.Unreadable {
    List<X509Certificate> trusted = certificates(List.of(authorities));
    try {
      return context(trusting(store(trusted)), identity);
    } catch (GeneralSecurityException | IOException e) {
      throw unusable(e);
    }
  }

  /**
   * TLS that takes any certificate, of whatever name and age. What checks the names by itself, as
   * Apache HttpClient does, has to be told not to.
   *
   * @param identity is shown to servers that ask for one
   */
  public static SSLContext trustingAll(Optional<ClientIdentity> identity)
      throws ScanException.Unreadable {
    return context(new TrustManager[] {new Credulous()}, identity);
  }

  private static SSLContext context(
      TrustManager @Nullable [] trust, Optional<ClientIdentity> identity)
      throws ScanException.Unreadable {
    return context(trust, identity.isEmpty() ? null : keys(identity.get()));
  }

  private static SSLContext context(TrustManager @Nullable [] trust, KeyManager @Nullable [] keys)
      throws ScanException.Unreadable {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(keys, trust, null);
      return context;
    } catch (GeneralSecurityException e) {
      throw unusable(e);
    }
  }

  private static List<X509Certificate> certificates(List<Path> files)
      throws ScanException.Unreadable {
    List<X509Certificate> certificates = new ArrayList<>();
    for (Path file : files) {
      certificates.addAll(PemFile.read(file).certificates());
    }
    return certificates;
  }

  private static KeyManager[] keys(ClientIdentity identity) throws ScanException.Unreadable {
    List<X509Certificate> chain = PemFile.read(identity.certificate()).certificates();
    PrivateKey key =
        PemFile.read(identity.key())
            .privateKey(chain.get(0).getPublicKey(), identity.certificate());
    try {
      KeyStore store = store(List.of());
      store.setKeyEntry("client", key, NO_PASSWORD, chain.toArray(X509Certificate[]::new));
      KeyManagerFactory factory =
          KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
      factory.init(store, NO_PASSWORD);
      return factory.getKeyManagers();
    } catch (GeneralSecurityException | IOException e) {
      throw unusable(e);
    }
  }

  /** Who trusts the certificates of a store, or without one, Java's. */
  private static TrustManager[] trusting(@Nullable KeyStore store) throws GeneralSecurityException {
    TrustManagerFactory factory =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init(store);
    return factory.getTrustManagers();
  }

  private static KeyStore store(List<X509Certificate> trusted)
      throws GeneralSecurityException, IOException {
    KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
    store.load(null, NO_PASSWORD);
    for (int i = 0; i < trusted.size(); i++) {
      store.setCertificateEntry("ca" + i, trusted.get(i));
    }
    return store;
  }

  private static ScanException.Unreadable unusable(Exception cause) {
    return new ScanException.Unreadable(
        "TLS cannot be set up: " + ScanException.reason(cause), cause);
  }

  /**
   * Trusts anybody. The extended kind, since Java adds its own checks, that of the name among them,
   * to the answers of a plain {@link X509TrustManager}.
   */
  private static final class Credulous extends X509ExtendedTrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }

  /** Has no certificate, and says when one is wanted. */
  private static final class Nobody extends X509ExtendedKeyManager {
    private final Runnable whenAsked;

    Nobody(Runnable whenAsked) {
      this.whenAsked = whenAsked;
    }

    @Override
    public @Nullable String chooseClientAlias(
        String[] types, Principal @Nullable [] issuers, @Nullable Socket socket) {
      whenAsked.run();
      return null;
    }

    @Override
    public String @Nullable [] getClientAliases(String type, Principal @Nullable [] issuers) {
      return null;
    }

    @Override
    public String @Nullable [] getServerAliases(String type, Principal @Nullable [] issuers) {
      return null;
    }

    @Override
    public @Nullable String chooseServerAlias(
        String type, Principal @Nullable [] issuers, @Nullable Socket socket) {
      return null;
    }

    @Override
    public X509Certificate @Nullable [] getCertificateChain(String alias) {
      return null;
    }

    @Override
    public @Nullable PrivateKey getPrivateKey(String alias) {
      return null;
    }
  }
}
