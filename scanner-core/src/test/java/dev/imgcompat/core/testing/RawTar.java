package dev.imgcompat.core.testing;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Builds tars from headers that no library writes. Texts are written byte by byte. */
public final class RawTar {
  private static final int BLOCK = 512;
  private static final String USTAR = "ustar\00000";
  private static final String GNU = "ustar  \0";

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

  /** The header of an entry, to be changed before it is added. */
  public static final class Header {
    private final byte[] block = new byte[BLOCK];

    private Header(String name, char flag, long size, String magic) {
      with(0, name).with(100, "0000755\0").with(108, "0000000\0").with(116, "0000000\0");
      with(124, String.format("%011o\0", size)).with(136, "00000000000\0");
      with(156, String.valueOf(flag)).with(257, magic);
    }

    /** Puts bytes at an offset. */
    public Header with(int offset, String text) {
      byte[] field = text.getBytes(StandardCharsets.ISO_8859_1);
      System.arraycopy(field, 0, block, offset, field.length);
      return this;
    }

    /** Puts the target of a link. */
    public Header link(String target) {
      return with(157, target);
    }

    /** Puts the size as it is. */
    public Header size(String field) {
      return with(124, field);
    }

    private byte[] block() {
      TarBytes.checksum(block, 0);
      return block;
    }
  }

  /** A header of the format that POSIX describes. */
  public static Header header(String name, char flag, long size) {
    return new Header(name, flag, size, USTAR);
  }

  /** A header of GNU's format. */
  public static Header gnu(String name, char flag, long size) {
    return new Header(name, flag, size, GNU);
  }

  /** Adds an entry without content. */
  public RawTar add(Header header) {
    return add(header, new byte[0]);
  }

  /** Adds an entry and what follows it, whatever its header says. */
  public RawTar add(Header header, byte[] content) {
    bytes.writeBytes(header.block());
    bytes.writeBytes(Arrays.copyOf(content, (content.length + BLOCK - 1) / BLOCK * BLOCK));
    return this;
  }

  /** Adds a file. */
  public RawTar file(String name, byte[] content) {
    return add(header(name, '0', content.length), content);
  }

  /** Adds a PAX header of records such as {@code path=x}. */
  public RawTar pax(char flag, String... records) {
    ByteArrayOutputStream content = new ByteArrayOutputStream();
    for (String record : records) {
      int rest = record.length() + 2;
      int length = rest + 1;
      while (rest + String.valueOf(length).length() != length) {
        length++;
      }
      content.writeBytes((length + " " + record + "\n").getBytes(StandardCharsets.ISO_8859_1));
    }
    return add(header("PaxHeaders/x", flag, content.size()), content.toByteArray());
  }

  /** Adds a long name ({@code L}) or target ({@code K}). */
  public RawTar longName(char flag, String text) {
    byte[] content = text.getBytes(StandardCharsets.ISO_8859_1);
    return add(gnu("././@LongLink", flag, content.length), content);
  }

  /** Adds bytes as they are. */
  public RawTar raw(byte[] more) {
    bytes.writeBytes(more);
    return this;
  }

  /** Returns the tar with its end mark. */
  public byte[] build() {
    bytes.writeBytes(new byte[2 * BLOCK]);
    return bytes.toByteArray();
  }
}
