package dev.imgcompat.core.source;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.imgcompat.core.image.ImageReference;
import dev.imgcompat.core.image.ImageSource;
import dev.imgcompat.core.image.PlatformRequest;
import dev.imgcompat.core.image.ScanException;
import dev.imgcompat.core.testing.ElfBuilder;
import dev.imgcompat.core.testing.Samples;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DirectorySourceTest extends ImageSourceContract {
  @TempDir private Path directory;

  @BeforeEach
  void write() throws IOException {
    Files.createDirectories(directory.resolve("bin"));
    Files.write(directory.resolve("bin/x"), ElfBuilder.x86_64().build());
    Files.write(directory.resolve("bin/y"), ElfBuilder.i386().build());
  }

  @Override
  ImageSource source() {
    return new DirectorySource();
  }

  @Override
  String present() {
    return "rootfs:" + directory;
  }

  @Override
  String absent() {
    return "rootfs:" + directory.resolve("none");
  }

  @Test
  void anOciLayoutIsNotTakenForAFileSystem() {
    Samples.layout().write(directory);

    assertThatThrownBy(
            () ->
                source().resolve(ImageReference.parse(present()), PlatformRequest.DEFAULT, passing))
        .isInstanceOf(ScanException.NotAnImage.class)
        .hasMessageContaining("oci:" + directory);
  }

  @Test
  void aFileIsNoFileSystem() {
    assertThatThrownBy(
            () ->
                source()
                    .resolve(
                        ImageReference.parse("rootfs:" + directory + "/bin/x"),
                        PlatformRequest.DEFAULT,
                        passing))
        .isInstanceOf(ScanException.NotAnImage.class);
  }
}
