package dev.imgcompat.service.access;

import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.springframework.http.server.PathContainer;
import org.springframework.web.util.ServletRequestPathUtils;
import org.springframework.web.util.pattern.PathPattern;
import org.springframework.web.util.pattern.PathPatternParser;

/**
 * Who may call what: the whole list. What is not in it is served to nobody. A test compares it with
 * openapi.yaml.
 */
final class EndpointRules {
  /** All of them; what is asked for most comes first. */
  static final List<EndpointRule> ALL =
      List.of(
          new EndpointRule("GET", "/v1/verdict", Need.READING),
          new EndpointRule("POST", "/v1/verdicts", Need.READING),
          new EndpointRule("GET", "/v1/version", Need.READING),
          new EndpointRule("POST", "/v1/scans", Need.OPERATING),
          new EndpointRule("GET", "/v1/scans/{id}", Need.READING),
          new EndpointRule("GET", "/v1/images", Need.READING),
          new EndpointRule("GET", "/v1/images/history", Need.READING),
          new EndpointRule("GET", "/v1/images/{digest}", Need.READING),
          new EndpointRule("GET", "/v1/sweeps", Need.READING),
          new EndpointRule("POST", "/v1/sweeps", Need.OPERATING),
          new EndpointRule("GET", "/v1/sweeps/plans", Need.READING),
          new EndpointRule("GET", "/v1/sweeps/{id}", Need.READING),
          new EndpointRule("POST", "/v1/sweeps/{id}/pause", Need.OPERATING),
          new EndpointRule("POST", "/v1/sweeps/{id}/resume", Need.OPERATING),
          new EndpointRule("POST", "/v1/sweeps/{id}/cancel", Need.OPERATING),
          new EndpointRule("GET", "/v1/sweeps/{id}/tags", Need.READING),
          new EndpointRule("GET", "/v1/rules", Need.READING),
          new EndpointRule("GET", "/v1/runtimes", Need.READING),
          new EndpointRule("GET", "/v1/stats", Need.READING),
          new EndpointRule("GET", "/v1/exclusions", Need.READING),
          new EndpointRule("GET", "/v1/kernel-params", Need.READING),
          new EndpointRule("GET", "/v1/report", Need.READING),
          new EndpointRule("GET", "/v1/lists", Need.READING),
          new EndpointRule("POST", "/v1/lists/publish", Need.OPERATING),
          new EndpointRule("GET", "/openapi.yaml", Need.NOTHING),
          new EndpointRule("GET", "/docs", Need.NOTHING),
          new EndpointRule("GET", "/docs/{file}", Need.NOTHING),
          new EndpointRule("GET", "/", Need.NOTHING));

  /** Most paths are spelled as in the list, and then nothing needs to be parsed. */
  private static final Map<String, List<EndpointRule>> BY_PATH =
      ALL.stream()
          .filter(r -> !r.path().contains("{"))
          .collect(Collectors.groupingBy(EndpointRule::path));

  private static final Map<EndpointRule, PathPattern> PATTERNS =
      ALL.stream()
          .collect(
              Collectors.toUnmodifiableMap(
                  Function.identity(), r -> PathPatternParser.defaultInstance.parse(r.path())));

  private EndpointRules() {}

  /** The rule for a request; a rule for GET holds for HEAD, too. */
  static Optional<EndpointRule> of(HttpServletRequest request) {
    String method = request.getMethod().equals("HEAD") ? "GET" : request.getMethod();
    return at(request).filter(r -> r.method().equals(method)).findFirst();
  }

  /** The methods that the path of a request takes; none if there is no such path. */
  static SortedSet<String> methods(HttpServletRequest request) {
    SortedSet<String> methods =
        at(request).map(EndpointRule::method).collect(Collectors.toCollection(TreeSet::new));
    if (methods.contains("GET")) {
      methods.add("HEAD");
    }
    return methods;
  }

  private static Stream<EndpointRule> at(HttpServletRequest request) {
    List<EndpointRule> spelled = BY_PATH.get(request.getRequestURI());
    if (spelled != null) {
      return spelled.stream();
    }
    // The same path, in the same parts, by which Spring finds what is to be called.
    PathContainer path = ServletRequestPathUtils.parse(request).pathWithinApplication();
    return ALL.stream().filter(r -> PATTERNS.get(r).matches(path));
  }
}
