package dev.imgcompat.core.registry;

import dev.imgcompat.core.access.Credentials;
import java.io.IOException;
import java.io.Serial;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The secrets that a registry was shown, or gave us: it may say them back in what it answers. Safe
 * for use by several threads.
 */
final class Masks {
  /** What is shorter is no secret, and would mask half of any text. */
  private static final int LEAST_LENGTH = 4;

  /** The values in an address that are shorter are dates, names and the like. */
  private static final int LEAST_LENGTH_IN_ADDRESS = 16;

  /** Tokens of long runs are forgotten in the end; they have expired by then. */
  private static final int MOST = 1000;

  /** How many causes of causes are looked at. */
  private static final int DEPTH = 20;

  /** What was added last is last. */
  private final Set<String> secrets = new LinkedHashSet<>();

  /** Of their own: there is one for each layer, which must not drive out a password. */
  private final Set<String> signatures = new LinkedHashSet<>();

  synchronized void add(String secret) {
    if (secret.length() >= LEAST_LENGTH) {
      add(secret, secrets);
    }
  }

  private static void add(String secret, Set<String> to) {
    to.remove(secret);
    if (to.size() >= MOST) {
      to.remove(to.iterator().next());
    }
    to.add(secret);
  }

  void add(Credentials credentials) {
    if (credentials instanceof Credentials.Password password) {
      add(password.password());
      add(password.username() + ":" + password.password());
    } else if (credentials instanceof Credentials.IdentityToken token) {
      add(token.token());
    } else if (credentials instanceof Credentials.RegistryToken token) {
      add(token.token());
    }
  }

  /** Addresses of blobs are signed: whoever has one may read the blob. */
  synchronized void addSignature(URI address) {
    for (Optional<String> query :
        List.of(
            Optional.ofNullable(address.getRawQuery()), Optional.ofNullable(address.getQuery()))) {
      for (String pair : query.orElse("").split("&", -1)) {
        String value = pair.substring(pair.indexOf('=') + 1);
        if (value.length() >= LEAST_LENGTH_IN_ADDRESS) {
          add(value, signatures);
        }
      }
    }
  }

  /** The user and the password in the address of a proxy. */
  void addUser(Optional<URI> proxy) {
    String user = proxy.map(URI::getUserInfo).orElse("");
    if (!user.isEmpty()) {
      add(user);
      add(user.substring(user.indexOf(':') + 1));
    }
  }

  /** Returns the text with each secret replaced, in whichever form it was sent. */
  String masked(String text) {
    Set<String> forms =
        new TreeSet<>(
            Comparator.comparingInt(String::length)
                .reversed()
                .thenComparing(Comparator.naturalOrder()));
    synchronized (this) {
      secrets.forEach(secret -> addForms(secret, forms));
      signatures.forEach(signature -> addForms(signature, forms));
    }
    String masked = text;
    for (String form : forms) {
      masked = masked.replace(form, "***");
    }
    return masked;
  }

  private static void addForms(String secret, Set<String> forms) {
    forms.add(secret);
    String inForm = URLEncoder.encode(secret, StandardCharsets.UTF_8);
    forms.add(inForm);
    forms.add(inForm.replace("+", "%20"));
    byte[] bytes = secret.getBytes(StandardCharsets.UTF_8);
    for (Base64.Encoder encoder : List.of(Base64.getEncoder(), Base64.getUrlEncoder())) {
      forms.add(encoder.encodeToString(bytes));
      forms.add(encoder.withoutPadding().encodeToString(bytes));
    }
  }

  /** Returns the failure, or one that tells the same but for the secrets in its messages. */
  IOException masked(IOException failure) {
    Throwable cause = failure;
    for (int depth = 0; cause != null && depth < DEPTH; depth++) {
      if (!masked(cause.toString()).equals(cause.toString())) {
        return new Masked(failure, this, 0);
      }
      cause = cause.getCause();
    }
    return failure;
  }

  /** Another failure without secrets. */
  private static final class Masked extends IOException {
    @Serial private static final long serialVersionUID = 1L;

    Masked(Throwable failure, Masks masks, int depth) {
      super(masks.masked(failure.toString()), cause(failure.getCause(), masks, depth + 1));
      setStackTrace(failure.getStackTrace());
    }

    private static @Nullable Throwable cause(@Nullable Throwable cause, Masks masks, int depth) {
      return cause == null || depth >= DEPTH ? null : new Masked(cause, masks, depth);
    }
  }
}
