package dev.imgcompat.service.observe;

import java.util.Map;
import java.util.function.BooleanSupplier;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;
import org.springframework.boot.actuate.endpoint.web.annotation.WebEndpoint;

/** {@code /livez}: whether this process is worth going on with. The store has no say in it. */
@WebEndpoint(id = "livez")
public final class LiveEndpoint {
  private final BooleanSupplier alive;

  public LiveEndpoint(BooleanSupplier alive) {
    this.alive = alive;
  }

  /** Answers. */
  @ReadOperation
  public WebEndpointResponse<Map<String, Object>> live() {
    boolean is = alive.getAsBoolean();
    return new WebEndpointResponse<>(Map.of("status", is ? "UP" : "DOWN"), is ? 200 : 503);
  }
}
