package dev.imgcompat.core.sweep.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.imgcompat.core.sweep.plan.QuietHours.Window;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class QuietHoursTest {
  private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");

  private static QuietHours hours(String... windows) {
    return new QuietHours(BERLIN, Arrays.stream(windows).map(Window::parse).toList());
  }

  private static Instant at(String local) {
    return LocalDateTime.parse(local).atZone(BERLIN).toInstant();
  }

  // 2026-03-02 is a Monday.
  @ParameterizedTest
  @CsvSource({
    "mon-fri 08:00-18:00, 2026-03-02T07:59:59, ",
    "mon-fri 08:00-18:00, 2026-03-02T08:00, 2026-03-02T18:00",
    "mon-fri 08:00-18:00, 2026-03-06T17:59, 2026-03-06T18:00",
    "mon-fri 08:00-18:00, 2026-03-06T18:00, ",
    "mon-fri 08:00-18:00, 2026-03-07T12:00, ",
    "22:00-06:00, 2026-03-02T23:00, 2026-03-03T06:00",
    "22:00-06:00, 2026-03-03T05:59, 2026-03-03T06:00",
    "fri 22:00-06:00, 2026-03-07T01:00, 2026-03-07T06:00",
    "fri 22:00-06:00, 2026-03-08T01:00, ",
    "'sat,sun 00:00-24:00', 2026-03-07T10:00, 2026-03-09T00:00",
    "fri-mon 12:00-13:00, 2026-03-09T12:30, 2026-03-09T13:00",
  })
  void aWindowEndsWhenItSays(String window, String now, String end) {
    assertThat(hours(window).until(at(now)))
        .isEqualTo(Optional.ofNullable(end).map(QuietHoursTest::at));
  }

  @Test
  void windowsThatTouchAreOne() {
    assertThat(hours("08:00-12:00", "12:00-14:00", "13:00-18:00").until(at("2026-03-02T09:00")))
        .contains(at("2026-03-02T18:00"));
  }

  @Test
  void theClockIsThatOfTheZoneAlsoWhenItIsSet() {
    // On 2026-03-29 two o'clock becomes three.
    assertThat(hours("01:00-04:00").until(at("2026-03-29T01:30")))
        .contains(Instant.parse("2026-03-29T02:00:00Z"));
  }

  @Test
  void withoutWindowsItIsNeverQuiet() {
    assertThat(QuietHours.NONE.until(Instant.EPOCH)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"08:00-18:00", "mon,tue,fri 8:00-18:30", "sun 23:59-00:01"})
  void whatIsWrittenIsReadAsTheSame(String text) {
    Window window = Window.parse(text);

    assertThat(Window.parse(window.toString())).isEqualTo(window);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "08:00", "8-18", "08:00-25:00", "someday 08:00-18:00", "mon- 08:00-18:00"})
  void whatIsNoWindowIsRefused(String text) {
    assertThatThrownBy(() -> Window.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("is no window of quiet hours");
  }
}
