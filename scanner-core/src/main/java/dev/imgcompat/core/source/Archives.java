package dev.imgcompat.core.source;

import dev.imgcompat.core.image.ImageReference.InArchive;
import dev.imgcompat.core.image.ImageReference.InArchive.Form;
import dev.imgcompat.core.image.PassingLayers;
import dev.imgcompat.core.image.ScanException;
import dev.imgcompat.core.tar.Compression;
import dev.imgcompat.core.tar.Decompression;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Opens archives: those in a file by offset, those that come as a stream or compressed in one pass.
 * Safe for use by several threads.
 */
final class Archives {
  /** That the headers of one entry may take. */
  static final int HEADER_BYTES = 1 << 20;

  private final InputStream standardInput;
  private final AtomicBoolean standardInputTaken = new AtomicBoolean();

  Archives(InputStream standardInput) {
    this.standardInput = standardInput;
  }

  /** Opens the archive that a reference names. */
  FileTree open(InArchive reference, PassingLayers passing)
      throws ScanException, InterruptedException {
    if (reference.file().isPresent()) {
      return open(reference.file().get(), reference.name().isPresent(), reference.form(), passing);
    }
    if (standardInputTaken.getAndSet(true)) {
      throw new ScanException.InvalidReference(
          "standard input comes once, and was read for another reference");
    }
    return read("the archive on standard input", standardInput, reference.form(), passing);
  }

  private static FileTree open(Path file, boolean named, Form form, PassingLayers passing)
      throws ScanException, InterruptedException {
    if (!Files.exists(file)) {
      throw new ScanException.NotFound(
          "there is no file "
              + file
              + (named
                  ? "; what follows the colon is the name of an image in it, and a file with a colon"
                      + " in its own name is read with - from standard input"
                  : ""));
    }
    if (Files.isDirectory(file)) {
      throw new ScanException.NotAnImage(
          file + Misplaced.image(file).map(o -> " " + o).orElse(" is a directory, not an archive"));
    }
    String name = "the archive " + file;
    try {
      if (Files.isRegularFile(file) && compression(file) == Compression.NONE) {
        return SeekableArchive.open(file);
      }
      try (InputStream in = Files.newInputStream(file)) {
        return read(name, in, form, passing);
      }
    } catch (IOException e) {
      throw unreadable(name, e);
    }
  }

  private static FileTree read(String name, InputStream stream, Form form, PassingLayers passing)
      throws ScanException, InterruptedException {
    try {
      return PassedArchive.read(name, stream, form == Form.OCI, passing);
    } catch (IOException e) {
      throw unreadable(name, e);
    }
  }

  private static Compression compression(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      return Decompression.of(in.readNBytes(6));
    }
  }

  /** What else an archive may be, for the end of a message. */
  static String otherwise(FileTree files) {
    boolean root =
        files.paths().stream()
            .anyMatch(p -> p.startsWith("etc/") || p.startsWith("bin/") || p.startsWith("usr/"));
    return root
        ? "; it looks like a root file system ('docker export'): unpack it and scan rootfs:DIR"
        : "";
  }

  static ScanException unreadable(String what, IOException e) {
    return new ScanException.Unreadable(
        what
            + " could not be read: "
            + (e instanceof AccessDeniedException ? "permission denied" : ScanException.reason(e)),
        e);
  }
}
