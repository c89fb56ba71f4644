package dev.imgcompat.service;

import dev.imgcompat.service.settings.ProcessEnvironment;
import dev.imgcompat.service.settings.Settings;
import dev.imgcompat.service.settings.SpringProperties;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ApplicationListener;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.StandardEnvironment;

/** A service that runs. Several may run in one process. */
public final class Service implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Service.class);

  private final ConfigurableApplicationContext context;

  private Service(ConfigurableApplicationContext context) {
    this.context = context;
  }

  /**
   * Starts one; returns once it answers.
   *
   * @throws RuntimeException if it cannot start; {@link StartFailure} says why in one line
   */
  public static Service start(Settings settings, ProcessEnvironment environment) {
    StandardEnvironment properties = new StandardEnvironment();
    properties
        .getPropertySources()
        .addFirst(new MapPropertySource("imgcompat", SpringProperties.of(settings)));
    SpringApplication application =
        new SpringApplicationBuilder(ServiceConfiguration.class)
            .environment(properties)
            .web(WebApplicationType.SERVLET)
            .logStartupInfo(false)
            .registerShutdownHook(true)
            .build();
    application.addInitializers(
        made -> {
          GenericApplicationContext beans = (GenericApplicationContext) made;
          beans.registerBean(Settings.class, () -> settings);
          beans.registerBean(ProcessEnvironment.class, () -> environment);
        });
    application.addListeners(
        (ApplicationListener<ContextClosedEvent>)
            event -> {
              if (event.getApplicationContext().getParent() == null) {
                LOG.info(
                    "stopping: what was begun has {} ms", settings.server().drain().toMillis());
              }
            });
    return new Service(application.run());
  }

  /** The port that it answers on. */
  public int port() {
    return property("local.server.port");
  }

  /** The port that it is watched on. */
  public int managementPort() {
    return property("local.management.port");
  }

  private int property(String name) {
    return context.getEnvironment().getRequiredProperty(name, Integer.class);
  }

  /** Something that it is made of. */
  <T> T part(Class<T> type) {
    return context.getBean(type);
  }

  /** Stops it, as SIGTERM does. */
  @Override
  public void close() {
    context.close();
  }
}
