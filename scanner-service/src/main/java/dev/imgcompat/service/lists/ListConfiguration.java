package dev.imgcompat.service.lists;

import dev.imgcompat.core.Scanner;
import dev.imgcompat.core.export.ExportOptions;
import dev.imgcompat.core.export.RouterSetup;
import dev.imgcompat.core.export.RouterSetup.Parameters;
import dev.imgcompat.core.image.PlatformRequest;
import dev.imgcompat.core.rules.Target;
import dev.imgcompat.service.settings.InvalidSettingException;
import dev.imgcompat.service.settings.Settings;
import dev.imgcompat.service.settings.Settings.Router;
import dev.imgcompat.service.settings.Settings.Unknown;
import dev.imgcompat.service.store.Store;
import dev.imgcompat.service.subject.Subjects;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Puts lists together. */
@Configuration(proxyBeanMethods = false)
public class ListConfiguration {
  @Bean
  PublishedLists lists(
      Store store, Scanner scanner, Subjects subjects, Settings settings, Clock clock) {
    ExportOptions defaults = defaults(settings, subjects);
    List<String> runtimes = subjects.targets().stream().map(Target::name).toList();
    RemovalGuard guard = new RemovalGuard(settings.lists(), runtimes);
    Basis basis = new Basis(runtimes, subjects.platform().toString(), scanner.tool());
    ListMaker maker = new ListMaker(store, basis, guard, clock);
    return new PublishedLists(store, maker, defaults, scanner.tool(), settings);
  }

  private static ExportOptions defaults(Settings settings, Subjects subjects) {
    Router router = settings.router();
    RouterSetup setup;
    try {
      setup =
          new RouterSetup(
              Optional.ofNullable(router.defaultRegistry()),
              router.executor(),
              Optional.empty(),
              router.fallback(),
              Optional.empty(),
              router.kernelParams() ? Parameters.ANNOTATION : Parameters.NONE);
    } catch (IllegalArgumentException e) {
      throw new InvalidSettingException("router", String.valueOf(e.getMessage()));
    }
    ExportOptions usual = ExportOptions.DEFAULT;
    return new ExportOptions(
        Optional.of(subjects.targets().get(0).name()),
        new PlatformRequest(Optional.of(subjects.platform()), false),
        router.unknown() == Unknown.EXCLUDE,
        router.guestHasParams(),
        usual.withAdvice(),
        setup,
        usual.guests());
  }
}
