package dev.imgcompat.service.lookup;

import dev.imgcompat.service.lists.Lists;
import dev.imgcompat.service.reach.AllowList;
import dev.imgcompat.service.scan.ScanTraces;
import dev.imgcompat.service.scan.ScanWatches;
import dev.imgcompat.service.scan.Wishes;
import dev.imgcompat.service.settings.Settings;
import dev.imgcompat.service.store.Store;
import dev.imgcompat.service.subject.Freshness;
import dev.imgcompat.service.subject.Subjects;
import java.time.Clock;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Puts lookups together. */
@Configuration(proxyBeanMethods = false)
public class LookupConfiguration {
  @Bean
  StoreReader storeReader(Store store, Settings settings) {
    return new StoreReader(store, settings.lookup().patience());
  }

  @Bean
  MemoryLookups lookups(
      Subjects subjects,
      AllowList allowed,
      Freshness freshness,
      StoreReader reader,
      Wishes wishes,
      Lists lists,
      ScanWatches watches,
      ScanTraces traces,
      Settings settings,
      Clock clock) {
    MemoryLookups lookups =
        new MemoryLookups(
            subjects,
            allowed,
            freshness,
            reader,
            wishes,
            lists,
            new AnswerWriter(lists.defaults(), settings.lookup().scan()),
            settings,
            clock,
            traces::current);
    watches.add(lookups);
    return lookups;
  }
}
