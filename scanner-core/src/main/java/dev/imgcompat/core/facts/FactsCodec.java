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

/** Facts as gzip-compressed JSON. Safe for use by several threads. */
final class FactsCodec {
  private final JsonMapper mapper;

  FactsCodec() {
    JsonMapper.Builder builder = JsonMapper.builder();
    Analyzers.factTypes()
        .forEach((name, type) -> builder.registerSubtypes(new NamedType(type, name)));
    this.mapper = builder.build();
  }

  void write(LayerFacts facts, OutputStream out) throws IOException {
    try (GZIPOutputStream gzip = new GZIPOutputStream(out, 64 << 10)) {
      mapper.writeValue(gzip, facts);
    } catch (JacksonException e) {
      throw new IOException(e.getOriginalMessage(), e);
    }
  }

  LayerFacts read(InputStream in) throws IOException {
    try (GZIPInputStream gzip = new GZIPInputStream(in, 64 << 10)) {
      return mapper.readValue(gzip, LayerFacts.class);
    } catch (JacksonException e) {
      throw new IOException(e.getOriginalMessage(), e);
    }
  }
}
