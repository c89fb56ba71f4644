package dev.imgcompat.service.settings;

import dev.imgcompat.service.settings.Settings.LogFormat;
import dev.imgcompat.service.settings.Settings.Server;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** What Spring Boot has to be told, made of our settings. */
public final class SpringProperties {
  private SpringProperties() {}

  /** Returns properties; they are all that Boot is told. */
  public static Map<String, Object> of(Settings settings) {
    Map<String, Object> properties = new TreeMap<>();
    Server server = settings.server();
    properties.put("server.address", server.address());
    properties.put("server.port", server.port());
    properties.put("server.tomcat.threads.max", server.threads());
    properties.put("server.tomcat.threads.min-spare", Math.min(server.threads(), 10));
    properties.put("server.tomcat.max-connections", server.connections());
    properties.put("server.tomcat.max-keep-alive-requests", -1);
    properties.put("server.tomcat.connection-timeout", "10s");
    properties.put("server.tomcat.keep-alive-timeout", "20s");
    properties.put("server.max-http-request-header-size", server.maxHeader().toBytes() + "B");
    properties.put("server.shutdown", "graceful");
    properties.put("spring.lifecycle.timeout-per-shutdown-phase", server.drain().toMillis() + "ms");
    if (server.tlsCertificate() != null && server.tlsKey() != null) {
      properties.put("server.ssl.certificate", server.tlsCertificate().toUri().toString());
      properties.put("server.ssl.certificate-private-key", server.tlsKey().toUri().toString());
      properties.put("server.ssl.enabled-protocols", "TLSv1.3,TLSv1.2");
      // The management port has no certificate of its own.
      properties.put("management.server.ssl.enabled", false);
    }
    properties.put("management.server.address", settings.management().address());
    properties.put("management.server.port", settings.management().port());
    properties.put("management.endpoints.web.base-path", "/");
    properties.put("management.endpoints.web.discovery.enabled", false);
    properties.put("management.endpoints.access.default", "none");
    properties.put("management.endpoint.prometheus.access", "read-only");
    properties.put("management.endpoints.web.exposure.include", "prometheus,livez,readyz");
    properties.put("management.endpoints.web.path-mapping.prometheus", "metrics");
    properties.put("management.health.defaults.enabled", false);
    properties.put("management.endpoint.livez.access", "read-only");
    properties.put("management.endpoint.readyz.access", "read-only");
    properties.put("management.tracing.sampling.probability", settings.tracing().share());
    properties.put("management.tracing.propagation.type", "w3c");
    boolean sent = settings.tracing().endpoint() != null;
    properties.put("management.tracing.export.otlp.enabled", sent);
    if (sent) {
      properties.put(
          "management.opentelemetry.tracing.export.otlp.endpoint",
          String.valueOf(settings.tracing().endpoint()));
    }
    properties.put("management.logging.export.otlp.enabled", false);
    if (settings.log().format() == LogFormat.JSON) {
      properties.put("logging.structured.format.console", "ecs");
    }
    String level = settings.log().level().name().toLowerCase(Locale.ROOT);
    properties.put("logging.level.dev.imgcompat", level);
    // Libraries say much of which an operator has nothing, and those that speak HTTP show
    // credentials
    // in their debug logs: these levels are never theirs.
    properties.put("logging.level.root", level.equals("error") ? level : "warn");
    // The pool says each connection that broke, where the store says it once.
    properties.put("logging.level.com.zaxxer.hikari", "error");
    // It repeats, with a stack, what is said in one line where the service does not start.
    properties.put("logging.level.org.springframework.boot.web.server.servlet.context", "error");
    properties.put("logging.level.org.springframework.boot.autoconfigure.logging", "error");
    // Each warns of what the tests show to work: a version of H2, and times without a zone, of
    // which
    // there are none.
    properties.put("logging.level.org.flywaydb.core.internal.database.base", "error");
    properties.put("logging.level.com.github.kagkarlsson.scheduler.jdbc", "error");
    properties.put("spring.application.name", "imgcompat");
    properties.put("spring.main.banner-mode", "off");
    properties.put("spring.web.resources.add-mappings", false);
    return properties;
  }
}
