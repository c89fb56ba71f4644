package dev.imgcompat.core.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.imgcompat.core.image.Image;
import dev.imgcompat.core.image.ImageReference;
import dev.imgcompat.core.image.ImageSource;
import dev.imgcompat.core.image.LayerContent;
import dev.imgcompat.core.image.Platform;
import dev.imgcompat.core.image.PlatformRequest;
import dev.imgcompat.core.image.ScanException;
import dev.imgcompat.core.layer.LayerFacts;
import dev.imgcompat.core.rootfs.ImageMerger;
import dev.imgcompat.core.testing.ElfBuilder;
import dev.imgcompat.core.testing.LayerBuilder;
import dev.imgcompat.core.testing.LayoutBuilder.ImageSpec;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What every {@link ImageSource} must do, for an image of two layers. */
abstract class ImageSourceContract {
  /** The image under test: the upper layer replaces one program of the lower one. */
  static ImageSpec spec() {
    return new ImageSpec()
        .command("/bin/x")
        .layer(
            new LayerBuilder()
                .program("bin/x", ElfBuilder.i386())
                .program("bin/y", ElfBuilder.i386())
                .gzip(),
            "application/vnd.oci.image.layer.v1.tar+gzip")
        .layer(new LayerBuilder().program("bin/x", ElfBuilder.x86_64()));
  }

  /** Reads the layers that pass while a test resolves. */
  final PassedLayers passing = new PassedLayers();

  abstract ImageSource source();

  /** A reference to the image. */
  abstract String present();

  /** A reference of the same transport to nothing. */
  abstract String absent();

  private Image resolve() throws Exception {
    return source()
        .resolve(ImageReference.parse(present()), PlatformRequest.DEFAULT, passing)
        .get(0);
  }

  @Test
  void servesItsOwnReferencesOnly() throws Exception {
    assertThat(source().serves(ImageReference.parse(present()))).isTrue();
    for (String other : List.of("centos:6.8", "oci:dir", "rootfs:dir")) {
      ImageReference reference = ImageReference.parse(other);
      boolean same = reference.getClass() == ImageReference.parse(present()).getClass();
      assertThat(source().serves(reference)).isEqualTo(same);
    }
  }

  @Test
  void resolvesToTheImageAndKeepsTheReference() throws Exception {
    Image image = resolve();

    assertThat(image.reference().text()).isEqualTo(present());
    assertThat(image.manifest().platform().os()).isEqualTo("linux");
    assertThat(image.contents()).isNotEmpty();
  }

  @Test
  void theContentsAreTheFilesOfTheImage() throws Exception {
    Image image = resolve();
    List<LayerFacts> layers = new ArrayList<>();
    for (LayerContent content : image.contents()) {
      layers.add(passing.facts(content));
    }

    assertThat(ImageMerger.merge(image.manifest().config(), layers).elfFiles())
        .extracting(f -> f.path() + " " + f.elf().elfClass())
        .containsExactly("/bin/x 64", "/bin/y 32");
  }

  @Test
  void whatIsNotThereIsNotFound() {
    assertThatThrownBy(
            () ->
                source().resolve(ImageReference.parse(absent()), PlatformRequest.DEFAULT, passing))
        .isInstanceOf(ScanException.NotFound.class)
        .hasMessageNotContaining("\n");
  }

  @Test
  void severalThreadsMayAskAtOnce() throws Exception {
    ImageSource source = source();
    ImageReference reference = ImageReference.parse(present());
    List<Thread> threads = new ArrayList<>();
    List<Image> images = java.util.Collections.synchronizedList(new ArrayList<>());
    for (int i = 0; i < 8; i++) {
      Thread thread =
          new Thread(
              () -> {
                try {
                  images.addAll(
                      source.resolve(
                          reference,
                          PlatformRequest.only(Platform.LINUX_AMD64),
                          new PassedLayers()));
                } catch (ScanException | InterruptedException e) {
                  throw new IllegalStateException(e);
                }
              });
      thread.start();
      threads.add(thread);
    }
    for (Thread thread : threads) {
      thread.join();
    }

    assertThat(images).hasSize(8);
    assertThat(images.stream().map(i -> i.manifest().digest()).distinct()).hasSize(1);
  }
}
