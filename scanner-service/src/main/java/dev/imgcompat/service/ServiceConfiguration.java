package dev.imgcompat.service;

import dev.imgcompat.service.access.AccessConfiguration;
import dev.imgcompat.service.lists.ListConfiguration;
import dev.imgcompat.service.lookup.LookupConfiguration;
import dev.imgcompat.service.observe.ObserveConfiguration;
import dev.imgcompat.service.scan.ScanConfiguration;
import dev.imgcompat.service.settings.ProcessEnvironment;
import dev.imgcompat.service.settings.Settings;
import dev.imgcompat.service.store.jdbc.JdbcStore;
import dev.imgcompat.service.sweep.SweepConfiguration;
import dev.imgcompat.service.web.WebConfiguration;
import java.time.Clock;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;

/** Puts the service together. */
@SpringBootConfiguration(proxyBeanMethods = false)
@EnableAutoConfiguration
@Import({
  ScanConfiguration.class,
  SweepConfiguration.class,
  LookupConfiguration.class,
  ListConfiguration.class,
  ObserveConfiguration.class,
  AccessConfiguration.class,
  WebConfiguration.class
})
class ServiceConfiguration {
  @Bean
  Clock clock() {
    return Clock.systemUTC();
  }

  @Bean
  JdbcStore store(Settings settings, ProcessEnvironment environment) {
    return JdbcStore.open(settings.store(), environment.dataDirectory());
  }
}
