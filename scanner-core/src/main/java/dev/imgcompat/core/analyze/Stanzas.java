package dev.imgcompat.core.analyze;

import dev.imgcompat.core.layer.FileFact;
import dev.imgcompat.core.layer.LayerAnalyzer.ContentReader;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads a database of text stanzas, as dpkg and apk have, for the versions of some packages. */
final class Stanzas implements ContentReader {
  private static final int MAX_LINE = 512;

  private final String manager;
  private final String nameField;
  private final String versionField;
  private final List<String> wanted;
  private final Map<String, String> versions = new HashMap<>();
  private final byte[] line = new byte[MAX_LINE];
  private int length;
  private String name = "";
  private String version = "";

  Stanzas(String manager, String nameField, String versionField, List<String> wanted) {
    this.manager = manager;
    this.nameField = nameField;
    this.versionField = versionField;
    this.wanted = wanted;
  }

  @Override
  public void accept(byte[] buffer, int offset, int count) {
    for (int i = offset; i < offset + count; i++) {
      if (buffer[i] == '\n') {
        endLine();
      } else if (length < MAX_LINE) {
        line[length++] = buffer[i];
      }
    }
  }

  @Override
  public boolean satisfied() {
    return false;
  }

  @Override
  public Optional<FileFact> finish() {
    endLine();
    endStanza();
    return Optional.of(new PackagesFact(manager, versions));
  }

  private void endLine() {
    String text = new String(line, 0, length, StandardCharsets.UTF_8);
    length = 0;
    if (text.isEmpty()) {
      endStanza();
    } else if (text.startsWith(nameField)) {
      name = text.substring(nameField.length()).strip();
    } else if (text.startsWith(versionField)) {
      version = text.substring(versionField.length()).strip();
    }
  }

  private void endStanza() {
    if (wanted.contains(name) && !version.isEmpty()) {
      versions.putIfAbsent(name, version);
    }
    name = "";
    version = "";
  }
}
