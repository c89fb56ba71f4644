package dev.imgcompat.service.observe;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;
import org.springframework.boot.actuate.endpoint.web.annotation.WebEndpoint;

/**
 * {@code /readyz}: whether builds should be sent here. A part that is down without which known
 * images are still answered makes it {@code DEGRADED}, not down: with all replicas on one database,
 * taking all of them away would help nobody.
 */
@WebEndpoint(id = "readyz")
public final class ReadyEndpoint {
  private static final String STATUS = "status";
  private static final String UP = "UP";
  private static final String DOWN = "DOWN";

  private final List<ComponentCheck> checks;

  public ReadyEndpoint(List<ComponentCheck> checks) {
    this.checks = List.copyOf(checks);
  }

  /** Checks every part. */
  @ReadOperation
  public WebEndpointResponse<Map<String, Object>> ready() {
    Map<String, Object> components = new TreeMap<>();
    boolean ready = true;
    boolean whole = true;
    for (ComponentCheck check : checks) {
      Map<String, String> component = new LinkedHashMap<>();
      try {
        String detail = check.check().make();
        component.put(STATUS, UP);
        component.put("detail", detail);
      } catch (RuntimeException e) {
        component.put(STATUS, DOWN);
        component.put("detail", String.valueOf(e.getMessage()));
        whole = false;
        ready &= !check.isNeeded();
      }
      components.put(check.name(), component);
    }
    Map<String, Object> body = new LinkedHashMap<>();
    body.put(STATUS, whole ? UP : ready ? "DEGRADED" : DOWN);
    body.put("components", components);
    return new WebEndpointResponse<>(body, ready ? 200 : 503);
  }
}
