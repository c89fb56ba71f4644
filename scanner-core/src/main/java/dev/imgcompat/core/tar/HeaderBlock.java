package dev.imgcompat.core.tar;

import java.io.IOException;
import java.nio.charset.StandardCharsets;

/**
 * One header block of a tar, read as Go's archive/tar reads it; what others read otherwise is
 * refused. Names are decoded byte by byte.
 */
final class HeaderBlock {
  private static final int NAME = 0;
  private static final int MODE = 100;
  private static final int SIZE = 124;
  private static final int CHECKSUM = 148;
  private static final int FLAG = 156;
  private static final int LINK = 157;
  private static final int MAGIC = 257;
  private static final int PREFIX = 345;
  private static final int GNU_ATIME = 345;
  private static final int GNU_CTIME = 357;
  private static final int TRAILER = 508;

  private static final int NAME_BYTES = 100;
  private static final int PREFIX_BYTES = 155;
  private static final int STAR_PREFIX_BYTES = 131;

  private static final String USTAR = "ustar\0";
  private static final String GNU = "ustar  \0";
  private static final String STAR = "tar\0";

  private final byte[] raw;
  private final int at;

  /** Views the block at an offset. */
  HeaderBlock(byte[] raw, int at) {
    this.raw = raw;
    this.at = at;
  }

  /** Whether all of it is zeros, as the mark at the end of a tar is. */
  boolean isZero() {
    for (int i = 0; i < TarReader.BLOCK; i++) {
      if (raw[at + i] != 0) {
        return false;
      }
    }
    return true;
  }

  /** What kind of entry it begins. */
  byte flag() {
    return raw[at + FLAG];
  }

  /** Bytes of content that follow, as stated. */
  long size() {
    if (raw[at + SIZE] != (byte) 0x80) {
      return octal(SIZE, 12);
    }
    long size = 0;
    for (int i = 4; i < 12; i++) {
      size = size << 8 | (raw[at + SIZE + i] & 0xff);
    }
    return size;
  }

  /** The name, together with its prefix where there is one. */
  String name() {
    String name = text(NAME, NAME_BYTES);
    if (!hasMagic(USTAR)) {
      return name;
    }
    String prefix =
        text(PREFIX, string(TRAILER, 4).equals(STAR) ? STAR_PREFIX_BYTES : PREFIX_BYTES);
    return prefix.isEmpty() ? name : prefix + "/" + name;
  }

  /** The target of a link. */
  String link() {
    return text(LINK, NAME_BYTES);
  }

  /** Whether it is of GNU's own format. */
  boolean isGnu() {
    return hasMagic(GNU);
  }

  /** Refuses what two readers understand differently, or what is no header at all. */
  void check() throws IOException {
    if (!hasChecksum()) {
      throw new IOException("a tar header with a wrong checksum");
    }
    if (!isCount(SIZE, 12)) {
      throw new IOException("a tar header with a size that is no plain number");
    }
    if (!isCount(MODE, 8)) {
      throw new IOException("a tar header with a mode that is no plain number");
    }
    if (isGnu()) {
      if (!isTime(GNU_ATIME) || !isTime(GNU_CTIME)) {
        throw new IOException("a GNU tar header with times that are no numbers");
      }
    } else if (!hasMagic(USTAR) && raw[at + PREFIX] != 0) {
      throw new IOException("an old tar header with a prefix of the name, which it cannot have");
    }
  }

  /** Whether the checksum is right, which was once the sum of signed bytes. */
  boolean hasChecksum() {
    int from = CHECKSUM;
    int to = CHECKSUM + 8;
    while (from < to && isPadding(raw[at + from])) {
      from++;
    }
    while (from < to && isPadding(raw[at + to - 1])) {
      to--;
    }
    int digits = 0;
    while (from + digits < to && isOctal(raw[at + from + digits])) {
      digits++;
    }
    if (digits == 0 || (from + digits < to && raw[at + from + digits] != 0)) {
      return false;
    }
    int unsigned = 0;
    int signed = 0;
    for (int i = 0; i < TarReader.BLOCK; i++) {
      byte octet = i >= CHECKSUM && i < CHECKSUM + 8 ? (byte) ' ' : raw[at + i];
      unsigned += octet & 0xff;
      signed += octet;
    }
    long stated = octal(from, digits);
    return stated == unsigned || stated == signed;
  }

  /** Digits after spaces, and then nothing but NULs and spaces; or a number in base 256. */
  private boolean isCount(int field, int length) {
    if (raw[at + field] < 0) {
      return raw[at + field] == (byte) 0x80 && fitsLong(field, length);
    }
    int i = 0;
    while (i < length && raw[at + field + i] == ' ') {
      i++;
    }
    while (i < length && isOctal(raw[at + field + i])) {
      i++;
    }
    while (i < length && isPadding(raw[at + field + i])) {
      i++;
    }
    return i == length;
  }

  /** Go takes the times for a part of the name where they are no numbers. */
  private boolean isTime(int field) {
    byte first = raw[at + field];
    return first == 0 || isCount(field, 12) || (first == (byte) 0xff && fitsLong(field, 12));
  }

  /** Whether a number in base 256 has no more than 63 bits and the sign. */
  private boolean fitsLong(int field, int length) {
    byte sign = (byte) (raw[at + field] == (byte) 0x80 ? 0 : 0xff);
    for (int i = 1; i < length - 8; i++) {
      if (raw[at + field + i] != sign) {
        return false;
      }
    }
    return length <= 8 || (raw[at + field + length - 8] < 0) == (sign < 0);
  }

  private long octal(int field, int length) {
    long value = 0;
    for (int i = 0; i < length; i++) {
      byte octet = raw[at + field + i];
      if (isOctal(octet)) {
        value = value << 3 | (octet - '0');
      }
    }
    return value;
  }

  private static boolean isOctal(byte octet) {
    return octet >= '0' && octet <= '7';
  }

  private static boolean isPadding(byte octet) {
    return octet == 0 || octet == ' ';
  }

  private boolean hasMagic(String magic) {
    return string(MAGIC, magic.length()).equals(magic);
  }

  /** A text that a NUL or its field ends. */
  private String text(int field, int length) {
    String text = string(field, length);
    int end = text.indexOf(0);
    return end < 0 ? text : text.substring(0, end);
  }

  private String string(int field, int length) {
    return new String(raw, at + field, length, StandardCharsets.ISO_8859_1);
  }
}
