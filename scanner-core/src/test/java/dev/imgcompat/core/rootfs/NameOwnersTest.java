package dev.imgcompat.core.rootfs;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class NameOwnersTest {
  @Test
  void holdsWhatAMapWouldHold() {
    Random random = new Random(7);
    NameOwners owners = new NameOwners();
    Map<Long, Integer> expected = new HashMap<>();
    for (int i = 0; i < 50_000; i++) {
      long hash = random.nextInt(300) * (random.nextBoolean() ? 1L : 64L);
      int owner = random.nextInt(4);
      switch (random.nextInt(8)) {
        case 0, 1, 2 -> {
          owners.remove(hash, o -> o <= owner);
          expected.computeIfPresent(hash, (h, o) -> o <= owner ? null : o);
        }
        case 3 -> {
          if (random.nextInt(200) == 0) {
            owners.removeAll(o -> o == owner);
            expected.values().removeIf(o -> o == owner);
          }
        }
        default -> {
          owners.put(hash, owner);
          expected.put(hash, owner);
        }
      }
      assertThat(owners.contains(hash)).isEqualTo(expected.containsKey(hash));
      assertThat(owners.isEmpty()).isEqualTo(expected.isEmpty());
    }
  }
}
