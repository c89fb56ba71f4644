package dev.imgcompat.core.source;

import dev.imgcompat.core.engine.EngineClient;
import dev.imgcompat.core.engine.EngineImage;
import dev.imgcompat.core.image.Digest;
import dev.imgcompat.core.image.DocumentStore;
import dev.imgcompat.core.image.Image;
import dev.imgcompat.core.image.ImageConfig;
import dev.imgcompat.core.image.ImageManifest;
import dev.imgcompat.core.image.ImageReference;
import dev.imgcompat.core.image.ImageSource;
import dev.imgcompat.core.image.Layer;
import dev.imgcompat.core.image.LayerContent;
import dev.imgcompat.core.image.ManifestParser;
import dev.imgcompat.core.image.PassingLayers;
import dev.imgcompat.core.image.Platform;
import dev.imgcompat.core.image.PlatformRequest;
import dev.imgcompat.core.image.ScanException;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * {@code docker-daemon:NAME}: an image in a Docker engine. Its export passes as a stream, unless
 * the config and all layers of the image are known already.
 */
public final class DockerDaemonSource implements ImageSource {
  private final EngineClient engine;
  private final DocumentStore documents;

  /**
   * Creates a source.
   *
   * @param engine is closed with it
   * @param documents keeps configs
   */
  public DockerDaemonSource(EngineClient engine, DocumentStore documents) {
    this.engine = engine;
    this.documents = documents;
  }

  @Override
  public boolean serves(ImageReference reference) {
    return reference instanceof ImageReference.InEngine;
  }

  @Override
  public List<Image> resolve(
      ImageReference reference, PlatformRequest platforms, PassingLayers passing)
      throws ScanException, InterruptedException {
    ImageReference.InEngine image = (ImageReference.InEngine) reference;
    Optional<Platform> wanted = platforms.explicit() ? platforms.wanted() : Optional.empty();
    EngineImage said = engine.inspect(image.name(), wanted);
    Optional<Image> known = known(image, said, platforms, passing);
    if (known.isPresent()) {
      return List.of(known.get());
    }
    DockerArchive archive =
        DockerArchive.open(export(image, wanted, passing), "FILE").keepingConfigs(documents);
    List<Image> images = archive.resolve(image, Optional.empty(), index(archive, said), platforms);
    for (Image exported : images) {
      requireTheSame(exported, said, image);
    }
    return images;
  }

  private FileTree export(
      ImageReference.InEngine image, Optional<Platform> wanted, PassingLayers passing)
      throws ScanException, InterruptedException {
    String name = "the export of " + image.name();
    try (InputStream export = engine.export(image.name(), wanted)) {
      return PassedArchive.read(name, export, false, passing);
    } catch (IOException e) {
      throw new ScanException.EngineUnavailable(ScanException.reason(e), e);
    }
  }

  /** A name may move to another image between the two requests. */
  private static void requireTheSame(
      Image exported, EngineImage said, ImageReference.InEngine image) throws ScanException {
    boolean same =
        exported.manifest().configDigest().equals(said.id())
            || exported.manifest().config().diffIds().equals(said.diffIds());
    // Older engines tell of the platform that they would run, whichever they export.
    if (!same && exported.manifest().platform().equals(said.platform())) {
      throw new ScanException.EngineUnavailable(
          "the export of " + image.name() + " is another image than the engine told of", null);
    }
  }

  /** Which image of an export is meant, where it has several: that of which the engine told. */
  private static OptionalInt index(DockerArchive archive, EngineImage said) throws ScanException {
    for (int i = 0; archive.size() > 1 && i < archive.size(); i++) {
      if (archive.configDigest(i).equals(said.id())) {
        return OptionalInt.of(i);
      }
    }
    return OptionalInt.empty();
  }

  /**
   * The image without an export. Engines that keep images in containerd know them by their
   * manifests, of which this is no way to the config; there the image is exported each time.
   */
  private Optional<Image> known(
      ImageReference image, EngineImage said, PlatformRequest platforms, PassingLayers passing)
      throws ScanException {
    Optional<byte[]> document = said.id().flatMap(documents::document);
    List<Digest> diffIds = said.diffIds();
    if (document.isEmpty() || diffIds.isEmpty()) {
      return Optional.empty();
    }
    ImageConfig config = ManifestParser.config(document.get(), "config " + said.id().get());
    // Older engines tell of the platform that they would run, whichever is wanted.
    boolean another =
        platforms.explicit()
            && platforms.wanted().filter(w -> !w.accepts(config.platform())).isPresent();
    if (another
        || !config.diffIds().equals(diffIds)
        || !diffIds.stream().allMatch(passing::knows)) {
      return Optional.empty();
    }
    List<Layer> layers = new ArrayList<>();
    List<LayerContent> contents = new ArrayList<>();
    for (Digest diffId : diffIds) {
      Layer layer = new Layer(diffId, Optional.of(diffId), OptionalLong.empty(), "");
      layers.add(layer);
      contents.add(new LayerContent.Known(layer));
    }
    return Optional.of(
        new Image(
            image,
            new ImageManifest(Optional.empty(), Optional.empty(), said.id(), config, layers),
            contents,
            ManifestResolver.platformNote(config.platform(), platforms).stream().toList()));
  }

  @Override
  public void close() {
    engine.close();
  }
}
