package dev.imgcompat.core.testing;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarConstants;

/** Writes into tars what no library writes. */
public final class TarBytes {
  private static final int BLOCK = 512;

  private TarBytes() {}

  /** Puts a PAX header of one record before a tar; {@code g} is a global one. */
  public static byte[] pax(char kind, String record, byte[] tar) {
    byte[] text = (" " + record + "\n").getBytes(StandardCharsets.UTF_8);
    int length = text.length + 2;
    byte[] content = (length + " " + record + "\n").getBytes(StandardCharsets.UTF_8);
    TarArchiveEntry header = new TarArchiveEntry("@pax", TarConstants.LF_NORMAL);
    header.setSize(content.length);
    byte[] pax = new LayerBuilder().add(header, content).tar();
    pax[156] = (byte) kind;
    checksum(pax, 0);
    byte[] both = Arrays.copyOf(pax, 2 * BLOCK + tar.length);
    System.arraycopy(tar, 0, both, 2 * BLOCK, tar.length);
    return both;
  }

  /** States another size in the header at an offset. */
  public static void size(byte[] tar, int header, long size) {
    byte[] digits = String.format("%011o\0", size).getBytes(StandardCharsets.US_ASCII);
    System.arraycopy(digits, 0, tar, header + 124, digits.length);
    checksum(tar, header);
  }

  /** Makes the checksum of the header at an offset right again. */
  public static void checksum(byte[] tar, int header) {
    Arrays.fill(tar, header + 148, header + 156, (byte) ' ');
    int sum = 0;
    for (int i = header; i < header + BLOCK; i++) {
      sum += tar[i] & 0xff;
    }
    byte[] digits = String.format("%06o\0 ", sum).getBytes(StandardCharsets.US_ASCII);
    System.arraycopy(digits, 0, tar, header + 148, 8);
  }
}
