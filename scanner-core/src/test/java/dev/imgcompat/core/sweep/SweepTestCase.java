package dev.imgcompat.core.sweep;

import dev.imgcompat.core.image.RegistryListener;
import dev.imgcompat.core.sweep.plan.Selection;
import dev.imgcompat.core.sweep.state.FileSweepState;
import dev.imgcompat.core.sweep.state.TagRecord;
import dev.imgcompat.core.verdict.Decision;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** What tests of sweeps share: a state in a file, three tags, and questions about them. */
abstract class SweepTestCase {
  static final String ONE = "registry.example/team/app:1";
  static final String TWO = "registry.example/team/app:2";
  static final String WEB = "registry.example/web:1";

  @TempDir private Path directory;
  FileSweepState state;
  SweepCase sweep;

  @BeforeEach
  void open() throws IOException {
    state = FileSweepState.open(directory.resolve("state"));
    sweep = new SweepCase(state);
  }

  @AfterEach
  void close() {
    state.close();
  }

  SweepCase three() {
    sweep
        .images
        .tag(ONE, "old", Decision.EXCLUDED)
        .tag(TWO, "new", Decision.COMPATIBLE)
        .tag(WEB, "web", Decision.NEEDS_KERNEL_PARAMS);
    return sweep.list(ONE, TWO, WEB);
  }

  List<String> swept(long run) {
    List<String> swept = new ArrayList<>();
    state.forEach(
        tag -> {
          if (tag.run() == run) {
            swept.add(tag.reference());
          }
        });
    return swept;
  }

  TagRecord tag(String reference) {
    return state.tag(reference).orElseThrow();
  }

  static Selection without(String glob) {
    return new Selection(
        List.of(), List.of(glob), Optional.empty(), OptionalInt.empty(), Optional.empty());
  }

  static Selection newest(int count) {
    return new Selection(
        List.of(), List.of(), Optional.empty(), OptionalInt.of(count), Optional.empty());
  }

  SweepPacing pacing() {
    return new SweepPacing(sweep.pace, RegistryListener.NONE);
  }
}
