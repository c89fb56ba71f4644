package dev.imgcompat.core.testing;

import com.github.luben.zstd.Zstd;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;

/** Builds the tar of a layer, entry by entry, and compresses it in the ways that layers are. */
public final class LayerBuilder {
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final TarArchiveOutputStream tar;

  /** Starts an empty layer. */
  public LayerBuilder() {
    this(StandardCharsets.UTF_8);
  }

  /** Starts an empty layer with names in another encoding. */
  public LayerBuilder(Charset names) {
    tar = new TarArchiveOutputStream(bytes, names.name());
    tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_GNU);
    tar.setBigNumberMode(TarArchiveOutputStream.BIGNUMBER_STAR);
  }

  /** Adds an executable file. */
  public LayerBuilder program(String path, byte[] content) {
    return file(path, 0755, content);
  }

  /** Adds an executable ELF file. */
  public LayerBuilder program(String path, ElfBuilder elf) {
    return program(path, elf.build());
  }

  /** Adds a text file. */
  public LayerBuilder text(String path, String content) {
    return file(path, 0644, content.getBytes(StandardCharsets.UTF_8));
  }

  /** Adds a file. */
  public LayerBuilder file(String path, int mode, byte[] content) {
    TarArchiveEntry entry = entry(path, TarConstants.LF_NORMAL);
    entry.setMode(mode);
    entry.setSize(content.length);
    return add(entry, content);
  }

  /** Adds a directory. */
  public LayerBuilder directory(String path) {
    TarArchiveEntry entry = entry(path + "/", TarConstants.LF_DIR);
    entry.setMode(0755);
    return add(entry, new byte[0]);
  }

  /** Adds a symbolic link. */
  public LayerBuilder link(String path, String target) {
    TarArchiveEntry entry = entry(path, TarConstants.LF_SYMLINK);
    entry.setLinkName(target);
    return add(entry, new byte[0]);
  }

  /** Adds a hard link. */
  public LayerBuilder hardLink(String path, String target) {
    TarArchiveEntry entry = entry(path, TarConstants.LF_LINK);
    entry.setLinkName(target);
    return add(entry, new byte[0]);
  }

  /** Removes a path of the lower layers. */
  public LayerBuilder whiteout(String path) {
    int slash = path.lastIndexOf('/') + 1;
    return file(path.substring(0, slash) + ".wh." + path.substring(slash), 0, new byte[0]);
  }

  /** Removes what the lower layers have in a directory. */
  public LayerBuilder opaque(String directory) {
    return file(directory + "/.wh..wh..opq", 0, new byte[0]);
  }

  /** Adds an entry of any kind, as it is. */
  public LayerBuilder add(TarArchiveEntry entry, byte[] content) {
    try {
      tar.putArchiveEntry(entry);
      tar.write(content);
      tar.closeArchiveEntry();
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Returns the layer uncompressed. */
  public byte[] tar() {
    try {
      tar.close();
      return bytes.toByteArray();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Returns the layer compressed with gzip. */
  public byte[] gzip() {
    return gzip(tar());
  }

  /** Returns the layer compressed with zstd. */
  public byte[] zstd() {
    return Zstd.compress(tar());
  }

  /** Compresses with gzip. */
  public static byte[] gzip(byte[] content) {
    ByteArrayOutputStream compressed = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(compressed)) {
      gzip.write(content);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return compressed.toByteArray();
  }

  private static TarArchiveEntry entry(String path, byte kind) {
    TarArchiveEntry entry = new TarArchiveEntry(path, kind, true);
    entry.setModTime(0);
    entry.setUserId(0);
    entry.setGroupId(0);
    return entry;
  }
}
