package dev.imgcompat.core.facts;

import dev.imgcompat.core.analyze.Analyzers;
import dev.imgcompat.core.layer.LayerFacts;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.jsontype.NamedType;

/**
 * Facts as gzip-compressed JSON, for stores of any kind. The form is that of the classes of facts:
 * what one version of the analyzers has written, another may be unable to read. Safe for use by
 * several threads.
 */
public final class FactsCodec {
  private final JsonMapper mapper;

  public FactsCodec() {
    JsonMapper.Builder builder = JsonMapper.builder();
    Analyzers.factTypes()
        .forEach((name, type) -> builder.registerSubtypes(new NamedType(type, name)));
    this.mapper = builder.build();
  }

  /** Writes facts, and closes the stream. */
  public void write(LayerFacts facts, OutputStream out) throws IOException {
    try (GZIPOutputStream gzip = new GZIPOutputStream(out, 64 << 10)) {
      mapper.writeValue(gzip, facts);
    } catch (JacksonException e) {
      throw new IOException(e.getOriginalMessage(), e);
    }
  }

  /**
   * Reads facts, and closes the stream.
   *
   * @throws IOException if there are none, or the stream cannot be read
   */
  public LayerFacts read(InputStream in) throws IOException {
    try (GZIPInputStream gzip = new GZIPInputStream(in, 64 << 10)) {
      return mapper.readValue(gzip, LayerFacts.class);
    } catch (JacksonException e) {
      throw new IOException(e.getOriginalMessage(), e);
    }
  }
}
