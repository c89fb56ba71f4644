package dev.imgcompat.service;

import dev.imgcompat.core.image.Printable;
import dev.imgcompat.service.settings.InvalidSettingException;
import dev.imgcompat.service.store.StoreUnavailableException;
import java.util.Optional;
import org.springframework.boot.web.server.PortInUseException;

/** Why the service did not start, in one line where whoever starts it can do something about it. */
final class StartFailure {
  private StartFailure() {}

  /** The line; empty for a defect. */
  static Optional<String> line(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof InvalidSettingException || cause instanceof StoreUnavailableException) {
        return Optional.of(Printable.of(String.valueOf(cause.getMessage())));
      }
      if (cause instanceof PortInUseException port) {
        return Optional.of(
            "port "
                + port.getPort()
                + " is in use: stop what listens there, or set imgcompat.server.port and"
                + " imgcompat.management.port");
      }
    }
    return Optional.empty();
  }
}
