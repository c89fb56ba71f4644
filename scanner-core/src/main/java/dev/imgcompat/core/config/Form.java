package dev.imgcompat.core.config;

import dev.imgcompat.core.registry.RegistrySettings.Mirror;
import dev.imgcompat.core.registry.RegistrySettings.Rate;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;

/**
 * How values of a kind are written.
 *
 * @param parser makes a value of a text
 * @param writer makes a text of it which may be shown
 */
record Form<T>(Parser<T> parser, Function<T, String> writer) {
  static final Form<Path> PATH = new Form<>((text, base) -> base.parse(text), Path::toString);
  static final Form<Optional<URI>> PROXY =
      new Form<>((text, base) -> ProxyAddress.parse(text), ProxyAddress::text);
  static final Form<String> BYPASS = new Form<>((text, base) -> Bypass.parse(text), text -> text);
  static final Form<Duration> DURATION =
      new Form<>((text, base) -> Amounts.duration(text), Amounts::text);
  static final Form<Long> SPEED = new Form<>((text, base) -> Amounts.speed(text), Amounts::text);
  static final Form<Optional<Rate>> RATE =
      new Form<>((text, base) -> Amounts.rate(text), Amounts::text);
  static final Form<OptionalLong> BYTE_RATE =
      new Form<>((text, base) -> Amounts.byteRate(text), Amounts::text);
  static final Form<Mirror> MIRROR =
      new Form<>((text, base) -> MirrorName.parse(text), Mirror::toString);
  static final Form<Boolean> TRUTH = new Form<>((text, base) -> truth(text), String::valueOf);

  static Form<Integer> count(int least, int most) {
    return new Form<>((text, base) -> Amounts.count(text, least, most), String::valueOf);
  }

  private static boolean truth(String text) throws BadValueException {
    return switch (text) {
      case "true" -> true;
      case "false" -> false;
      default -> throw new BadValueException("neither yes nor no: write true or false");
    };
  }

  /** Makes a value of a text. */
  interface Parser<T> {
    T parse(String text, PathBase base) throws BadValueException;
  }
}
