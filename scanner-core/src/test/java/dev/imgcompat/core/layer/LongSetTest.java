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
    for (int i = 0; i < 20_000; i++) {
      long value = random.nextInt(500) - 250L;
      if (random.nextInt(3) == 0) {
        set.remove(value);
        expected.remove(value);
      } else {
        set.add(value);
        expected.add(value);
      }
    }

    assertThat(set.sorted()).containsExactly(expected.stream().mapToLong(v -> v).toArray());
  }
}
