package dev.imgcompat.core.layer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.imgcompat.core.analyze.Analyzers;
import dev.imgcompat.core.image.LayerContent;
import dev.imgcompat.core.testing.ElfBuilder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class DirectoryWalkTest {
  @TempDir private Path root;

  private LayerFacts read() throws Exception {
    return new LayerReader(Analyzers.all(), ScanLimits.DEFAULT)
        .read(new LayerContent.Directory(root), n -> {});
  }

  @Test
  void seesWhatALayerWouldSee() throws Exception {
    Files.createDirectories(root.resolve("bin"));
    Files.write(root.resolve("bin/x"), ElfBuilder.i386().build());
    Files.setPosixFilePermissions(
        root.resolve("bin/x"),
        java.nio.file.attribute.PosixFilePermissions.fromString("rwxr-xr-x"));
    Files.createLink(root.resolve("bin/y"), root.resolve("bin/x"));
    Files.createSymbolicLink(root.resolve("bin/z"), Path.of("/nowhere"));

    LayerFacts facts = read();

    assertThat(facts.items()).filteredOn(LayerItem.File.class::isInstance).hasSize(1);
    assertThat(facts.items()).filteredOn(LayerItem.HardLink.class::isInstance).hasSize(1);
    assertThat(facts.items()).contains(new LayerItem.SymbolicLink("bin/z", "/nowhere"));
    assertThat(facts.unread()).isEmpty();
  }

  @Test
  void doesNotFollowLinksOutOfTheDirectory() throws Exception {
    Path outside = Files.createTempDirectory("outside");
    Files.write(outside.resolve("x"), ElfBuilder.i386().build());
    Files.createSymbolicLink(root.resolve("out"), outside);

    assertThat(read().items())
        .containsExactly(new LayerItem.SymbolicLink("out", outside.toString()));
  }

  @Test
  @Timeout(value = 60, unit = TimeUnit.SECONDS) // a FIFO that is opened blocks for ever
  void doesNotOpenFifos() throws Exception {
    new ProcessBuilder("mkfifo", root.resolve("fifo").toString()).start().waitFor();

    assertThat(Files.exists(root.resolve("fifo"))).isTrue();
    assertThat(read().entries()).isEqualTo(2);
  }
}
