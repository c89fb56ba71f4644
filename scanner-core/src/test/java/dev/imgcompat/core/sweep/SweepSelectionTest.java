package dev.imgcompat.core.sweep;

import static org.assertj.core.api.Assertions.assertThat;

import dev.imgcompat.core.sweep.plan.Selection;
import dev.imgcompat.core.verdict.Decision;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

/** Which tags a sweep looks at. */
class SweepSelectionTest extends SweepTestCase {
  @Test
  void theNewestOfAListThatSomebodyWroteAreThoseOfEachRepository() throws Exception {
    three().isWritten = true;
    String three = "registry.example/team/app:3";
    sweep.images.tag(three, "three", Decision.COMPATIBLE);
    sweep.images.created(ONE, Instant.EPOCH.plusSeconds(5)).created(WEB, Instant.EPOCH);
    sweep.images.created(TWO, Instant.EPOCH).created(three, Instant.EPOCH.plusSeconds(1));
    sweep.list(ONE, three);
    sweep.selection = newest(2);

    sweep.sweep(1);

    assertThat(swept(1)).containsExactlyInAnyOrder(ONE, three, WEB);
  }

  @Test
  void whatDoesNotTellWhenItWasMadeTakesNobodysPlace() throws Exception {
    three();
    sweep.images.created(ONE, Instant.EPOCH);
    sweep.list("registry.example/team/app:missing");
    sweep.selection = newest(1);

    sweep.sweep(1);

    assertThat(swept(1))
        .containsExactlyInAnyOrder(ONE, TWO, WEB, "registry.example/team/app:missing");
  }

  @Test
  void theNewestTagsOfEachRepositoryCount() throws Exception {
    for (int i = 0; i < 200; i++) {
      String reference = "registry.example/app:" + i;
      sweep
          .images
          .tag(reference, "image " + i, Decision.COMPATIBLE)
          .created(reference, Instant.EPOCH.plusSeconds((i * 37) % 200));
      sweep.list(reference);
    }
    sweep.images.tag(WEB, "web", Decision.COMPATIBLE).created(WEB, Instant.EPOCH);
    sweep.list(WEB);
    sweep.selection =
        new Selection(List.of(), List.of(), Optional.empty(), OptionalInt.of(3), Optional.empty());

    sweep.sweep(1);

    assertThat(swept(1))
        .containsExactlyInAnyOrder(
            "registry.example/app:27", // 27 * 37 % 200 is 199, and so on
            "registry.example/app:54",
            "registry.example/app:81",
            WEB);
    assertThat(sweep.images.asked).hasSize(201);
  }

  @Test
  void whatWasPushedBeforeATimeDoesNotCount() throws Exception {
    Instant now = sweep.clock.instant();
    sweep.images.tag(ONE, "one", Decision.COMPATIBLE).tag(TWO, "two", Decision.COMPATIBLE);
    sweep.images.tag(WEB, "web", Decision.COMPATIBLE);
    sweep.images.created(ONE, now.minus(Duration.ofDays(10))).created(TWO, now);
    sweep.selection =
        new Selection(
            List.of(),
            List.of(),
            Optional.empty(),
            OptionalInt.empty(),
            Optional.of(new Selection.Since(Optional.empty(), Optional.of(Duration.ofDays(5)))));

    sweep.list(ONE, TWO, WEB).sweep(1);

    assertThat(swept(1)).containsExactlyInAnyOrder(TWO, WEB); // WEB does not tell
  }
}
