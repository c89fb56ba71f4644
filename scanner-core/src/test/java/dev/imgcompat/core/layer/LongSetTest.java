package dev.imgcompat.core.layer;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class LongSetTest {
  @Test
  void holdsWhatASetWouldHold() {
    Random random = new Random(1);
    LongSet set = new LongSet();
    TreeSet<Long> expected = new TreeSet<>();
    for (int i = 0; i < 2_000; i++) {
      long value = random.nextInt(5000) - 250L;
      assertThat(set.contains(value)).isEqualTo(expected.contains(value));
      set.add(value);
      expected.add(value);
    }

    assertThat(set.sorted()).containsExactly(expected.stream().mapToLong(v -> v).toArray());
  }
}
