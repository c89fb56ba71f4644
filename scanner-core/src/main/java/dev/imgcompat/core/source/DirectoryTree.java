package dev.imgcompat.core.source;

import dev.imgcompat.core.image.Bytes;
import dev.imgcompat.core.image.Digest;
import dev.imgcompat.core.image.Layer;
import dev.imgcompat.core.image.LayerContent;
import dev.imgcompat.core.image.LayerContent.DigestOf;
import dev.imgcompat.core.image.ScanException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** The files of a layout in a directory. */
final class DirectoryTree implements FileTree {
  private final Path directory;

  DirectoryTree(Path directory) {
    this.directory = directory;
  }

  @Override
  public String name() {
    return "the layout " + directory;
  }

  @Override
  public Collection<String> paths() {
    return List.of();
  }

  @Override
  public boolean isComplete() {
    return true;
  }

  @Override
  public Optional<byte[]> document(String path, int most) throws ScanException {
    Path file = directory.resolve(path);
    if (!Files.isRegularFile(file)) {
      return Optional.empty();
    }
    try (InputStream in = Files.newInputStream(file)) {
      return Optional.of(Bytes.read(in, most, path + " of " + name()));
    } catch (IOException e) {
      throw unreadable(path, e);
    }
  }

  @Override
  public OptionalLong size(String path) {
    Path file = directory.resolve(path);
    try {
      return Files.isRegularFile(file) ? OptionalLong.of(Files.size(file)) : OptionalLong.empty();
    } catch (IOException e) {
      return OptionalLong.empty();
    }
  }

  @Override
  public Digest digest(String path) throws ScanException {
    try (InputStream in = Files.newInputStream(directory.resolve(path))) {
      return Bytes.digest(in);
    } catch (IOException e) {
      throw unreadable(path, e);
    }
  }

  @Override
  public LayerContent layer(String path, Layer layer, DigestOf digestOf) {
    Path file = directory.resolve(path);
    if (!Files.isRegularFile(file)) {
      return FileTree.missing(this, path, layer);
    }
    return new LayerContent.Blob(
        layer,
        digestOf,
        false,
        () -> {
          try {
            return Files.newInputStream(file);
          } catch (IOException e) {
            throw unreadable("layer " + layer.digest(), e);
          }
        });
  }

  private ScanException unreadable(String what, IOException e) {
    return Archives.unreadable(what + " of " + name(), e);
  }
}
