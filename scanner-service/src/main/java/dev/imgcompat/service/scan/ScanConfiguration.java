package dev.imgcompat.service.scan;

import com.github.kagkarlsson.scheduler.SchedulerClient;
import dev.imgcompat.core.Scanner;
import dev.imgcompat.core.config.ConfigException;
import dev.imgcompat.core.config.ConfigInputs;
import dev.imgcompat.core.config.Configuration;
import dev.imgcompat.core.facts.FactStore;
import dev.imgcompat.core.facts.MemoryFactStore;
import dev.imgcompat.core.image.RegistryListener;
import dev.imgcompat.core.rules.RulePack;
import dev.imgcompat.core.rules.RulePackException;
import dev.imgcompat.service.reach.AllowList;
import dev.imgcompat.service.settings.InvalidSettingException;
import dev.imgcompat.service.settings.ProcessEnvironment;
import dev.imgcompat.service.settings.Settings;
import dev.imgcompat.service.store.Store;
import dev.imgcompat.service.store.jdbc.JdbcStore;
import dev.imgcompat.service.store.jdbc.TieredFactStore;
import dev.imgcompat.service.subject.Freshness;
import dev.imgcompat.service.subject.Subjects;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import org.springframework.context.annotation.Bean;

/** Puts scanning together. */
@org.springframework.context.annotation.Configuration(proxyBeanMethods = false)
public class ScanConfiguration {
  @Bean
  RulePack rulePack(Settings settings) {
    try {
      return RulePack.load(Optional.ofNullable(settings.judging().rules()));
    } catch (RulePackException e) {
      throw new InvalidSettingException("judging.rules", e.getMessage());
    }
  }

  @Bean
  Subjects subjects(RulePack rules, Settings settings) {
    return new Subjects(rules, settings);
  }

  @Bean
  AllowList allowList(Settings settings) {
    return new AllowList(settings.registries());
  }

  @Bean
  Configuration registrySettings(
      Settings settings, ProcessEnvironment environment, AllowList allowed) {
    Configuration configuration;
    try {
      configuration =
          Configuration.load(
              new ConfigInputs(
                  Optional.ofNullable(settings.registries().config()).map(Path::toString),
                  List.of(),
                  environment.variables(),
                  environment.home()));
    } catch (ConfigException e) {
      throw new InvalidSettingException("registries.config", e.getMessage());
    }
    allowed.requireMirrors(configuration);
    return configuration;
  }

  @Bean
  Scanners scanners(
      Settings settings,
      ProcessEnvironment environment,
      Configuration configuration,
      RulePack rules,
      Store store,
      AllowList allowed) {
    FactStore facts =
        new TieredFactStore(
            new MemoryFactStore(settings.memory().facts().toBytes()), store.facts());
    return new Scanners(settings, environment, configuration, rules, facts, allowed);
  }

  @Bean
  Scanner scanner(Scanners scanners, Settings settings, RegistryListener listener) {
    return scanners
        .online()
        .registryListener(listener)
        .layersAtOnce(settings.scans().layers())
        .build();
  }

  @Bean
  Freshness freshness(Scanner scanner, Settings settings) {
    return new Freshness(scanner, settings);
  }

  @Bean
  Findings findings(Store store, Freshness freshness, Subjects subjects) {
    return new Findings(store, freshness, subjects);
  }

  @Bean
  ScanWatches scanWatches() {
    return new ScanWatches();
  }

  @Bean
  RunningScans runningScans(Store store) {
    return new RunningScans(store.scans());
  }

  @Bean
  ScanWaits scanWaits(Settings settings) {
    return new ScanWaits(settings.scans().waiting());
  }

  @Bean
  ScanScheduler scanScheduler(
      Scanner scanner,
      JdbcStore store,
      Subjects subjects,
      AllowList allowed,
      Freshness freshness,
      Findings findings,
      RunningScans running,
      ScanWatches watches,
      ScanTraces traces,
      Settings settings,
      Clock clock) {
    ScanWorker worker =
        new ScanWorker(
            scanner,
            store,
            subjects,
            allowed,
            freshness,
            findings,
            running,
            watches,
            traces,
            settings.scans(),
            clock);
    return new ScanScheduler(store.dataSource(), store.isEmbedded(), worker, settings);
  }

  @Bean
  ScanQueue scanQueue(
      JdbcStore store,
      Subjects subjects,
      AllowList allowed,
      Freshness freshness,
      ScanWaits waits,
      ScanScheduler scheduler,
      Settings settings,
      Clock clock) {
    return new ScanQueue(
        store,
        SchedulerClient.Builder.create(store.dataSource(), List.of()).enablePriority().build(),
        subjects,
        allowed,
        freshness,
        waits,
        scheduler::wake,
        settings.scans(),
        clock);
  }

  @Bean
  Housekeeping housekeeping(Store store, Settings settings, Clock clock) {
    return new Housekeeping(store, settings.scans(), clock);
  }

  @Bean
  Wishes wishes(ScanQueue queue, ScanWatches watches) {
    Wishes wishes = new Wishes(queue);
    watches.add(wishes);
    return wishes;
  }
}
