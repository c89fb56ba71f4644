package dev.imgcompat.cli;

import java.io.Closeable;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFileAttributeView;
import java.security.SecureRandom;
import java.util.Arrays;

/** Files that whoever reads them sees whole: the old one, or the new one. */
final class WholeFile {
  private static final SecureRandom RANDOM = new SecureRandom();

  /** As Linux has it. */
  private static final int MAX_LINKS = 40;

  private WholeFile() {}

  /**
   * Replaces a file, or makes one, by a temporary one next to it. A link stays one; permissions
   * stay what they were; a file that has the bytes already is left alone.
   */
  static void write(Path file, byte[] bytes) throws IOException {
    Path target = target(file);
    boolean exists = Files.isRegularFile(target);
    if (exists
        && Files.size(target) == bytes.length
        && Arrays.equals(Files.readAllBytes(target), bytes)) {
      return;
    }
    try (Streamed whole = new Streamed(file)) {
      ByteBuffer left = ByteBuffer.wrap(bytes);
      while (left.hasRemaining()) {
        whole.channel.write(left);
      }
      whole.publish();
    }
  }

  /** A file that is written little by little, and is seen when all is there. For one thread. */
  static final class Streamed implements Closeable {
    private final Path target;
    private final boolean exists;
    private final Path temporary;
    private final FileChannel channel;

    /** Begins to write what is to replace a file, or to become one. */
    Streamed(Path file) throws IOException {
      target = target(file);
      exists = Files.isRegularFile(target);
      if (!exists && Files.exists(target)) {
        throw new FileSystemException(file.toString(), null, "it is not a file");
      }
      // By the usual mask, unlike Files.createTempFile: others are to read it.
      temporary =
          target.resolveSibling(
              "." + target.getFileName() + "." + Long.toHexString(RANDOM.nextLong()) + ".tmp");
      channel =
          FileChannel.open(temporary, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    }

    /**
     * Where to write to, and to close before this is published. A thread that is interrupted may
     * write, too: a channel would be closed by that.
     */
    OutputStream stream() throws IOException {
      return new FileOutputStream(temporary.toFile(), true);
    }

    /** All is there. */
    void publish() throws IOException {
      channel.force(true);
      channel.close();
      if (exists) {
        keepPermissions(target, temporary);
      }
      Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
    }

    /** Removes what was not published. */
    @Override
    public void close() throws IOException {
      channel.close();
      Files.deleteIfExists(temporary);
    }
  }

  /** Where links lead, though nothing may be there. */
  private static Path target(Path file) throws IOException {
    Path target = file.toAbsolutePath();
    for (int links = 0; Files.isSymbolicLink(target); links++) {
      if (links == MAX_LINKS) {
        throw new FileSystemException(file.toString(), null, "too many links");
      }
      target = target.resolveSibling(Files.readSymbolicLink(target));
    }
    return target;
  }

  private static void keepPermissions(Path from, Path to) throws IOException {
    PosixFileAttributeView view = Files.getFileAttributeView(from, PosixFileAttributeView.class);
    if (view != null) {
      Files.setPosixFilePermissions(to, view.readAttributes().permissions());
    }
  }

  /** Why a file could not be written, in words. */
  static String reason(IOException failure) {
    if (failure instanceof NoSuchFileException) {
      return "there is no such directory";
    }
    if (failure instanceof AccessDeniedException) {
      return "permission denied";
    }
    return failure instanceof FileSystemException system && system.getReason() != null
        ? system.getReason()
        : String.valueOf(failure.getMessage());
  }
}
