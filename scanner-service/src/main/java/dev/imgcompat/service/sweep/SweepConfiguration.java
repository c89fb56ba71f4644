package dev.imgcompat.service.sweep;

import dev.imgcompat.core.Scanner;
import dev.imgcompat.core.image.RegistryListener;
import dev.imgcompat.core.rules.RulePack;
import dev.imgcompat.service.lists.PublishedLists;
import dev.imgcompat.service.reach.AllowList;
import dev.imgcompat.service.reach.Offline;
import dev.imgcompat.service.scan.Findings;
import dev.imgcompat.service.scan.Scanners;
import dev.imgcompat.service.settings.Settings;
import dev.imgcompat.service.store.Store;
import dev.imgcompat.service.store.jdbc.JdbcStore;
import dev.imgcompat.service.subject.Freshness;
import dev.imgcompat.service.subject.Subjects;
import java.time.Clock;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Puts sweeping together. */
@Configuration(proxyBeanMethods = false)
public class SweepConfiguration {
  @Bean
  SweepWatches sweepWatches(Plans plans) {
    return new SweepWatches(plans.names());
  }

  @Bean
  PlanCheck planCheck(AllowList allowed) {
    return new PlanCheck(allowed);
  }

  @Bean
  Plans plans(Settings settings, PlanCheck check) {
    return Plans.read(settings.sweeps().plans(), check);
  }

  @Bean
  RunningSweeps runningSweeps(Store store) {
    return new RunningSweeps(store);
  }

  @Bean
  SweepQueue sweepQueue(JdbcStore store, Settings settings, Clock clock) {
    return new SweepQueue(store, settings.sweeps().queue(), clock);
  }

  @Bean
  Assembly assembly(
      Scanners scanners,
      Scanner scanner,
      RegistryListener listener,
      Subjects subjects,
      Store store,
      Findings findings,
      SweepWatches watches,
      Settings settings,
      Clock clock) {
    return new Assembly(
        scanners,
        scanner,
        listener,
        subjects,
        store,
        findings,
        watches,
        settings.sweeps().layers(),
        clock);
  }

  @Bean
  Retention retention(Store store, Settings settings, Plans plans, Clock clock) {
    Retention retention = new Retention(store, settings, plans.names(), clock);
    retention.start();
    return retention;
  }

  @Bean
  SweepScheduler sweepScheduler(
      JdbcStore store,
      Assembly assembly,
      RunningSweeps running,
      SweepWatches watches,
      PlanCheck check,
      Retention retention,
      PublishedLists lists,
      SweepQueue queue,
      Plans plans,
      Settings settings,
      Clock clock) {
    SweepRunner runner =
        new SweepRunner(
            store,
            assembly,
            running,
            watches,
            check,
            plan -> {
              retention.leave(plan);
              lists.make();
            },
            settings.sweeps().atOnce(),
            clock);
    return new SweepScheduler(
        store.dataSource(), store.isEmbedded(), runner, queue, plans, settings);
  }

  @Bean
  Sweeps sweeps(
      Store store,
      SweepQueue queue,
      SweepScheduler scheduler,
      RunningSweeps running,
      Plans plans,
      PlanCheck check,
      Clock clock) {
    return new StoredSweeps(store, queue, scheduler, running, plans, check, clock);
  }

  @Bean
  Rejudging rejudging(
      Store store,
      Scanners scanners,
      RulePack rules,
      Subjects subjects,
      Freshness freshness,
      Findings findings,
      Clock clock) {
    Scanner offline = scanners.judge().registries(Offline.client()).layersAtOnce(1).build();
    Rejudging rejudging =
        new Rejudging(store, offline, rules, subjects, freshness, findings, clock);
    rejudging.start();
    return rejudging;
  }
}
