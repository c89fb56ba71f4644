package dev.imgcompat.service.store.jdbc;

import dev.imgcompat.core.facts.FactKey;
import dev.imgcompat.core.facts.FactStore;
import dev.imgcompat.core.facts.FactsCodec;
import dev.imgcompat.core.image.Bytes;
import dev.imgcompat.core.image.Digest;
import dev.imgcompat.core.image.ManifestParser;
import dev.imgcompat.core.image.Printable;
import dev.imgcompat.core.layer.LayerFacts;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Facts and documents in the database. A row that cannot be read counts as absent, and what is too
 * large is not kept; a failure is logged, at most once a minute.
 */
final class JdbcFactStore implements FactStore {
  private static final Logger LOG = LoggerFactory.getLogger(JdbcFactStore.class);
  private static final int MAX_BYTES = 64 << 20;
  private static final Duration QUIET = Duration.ofMinutes(1);

  private final Database database;
  private final Clock clock;
  private final FactsCodec codec = new FactsCodec();
  private final AtomicLong quietUntil = new AtomicLong();

  JdbcFactStore(Database database, Clock clock) {
    this.database = database;
    this.clock = clock;
  }

  @Override
  public Optional<LayerFacts> facts(FactKey key) {
    return orEmpty(
        () -> row(key.layer(), analyzers(key)).map(this::decode).filter(of(key.layer())));
  }

  @Override
  public Optional<LayerFacts> facts(Digest layer, Predicate<LayerFacts> wanted) {
    return orEmpty(
        () ->
            versions(layer).stream()
                .map(analyzers -> row(layer, analyzers).flatMap(this::decodeIfPossible))
                .flatMap(Optional::stream)
                .filter(of(layer).and(wanted))
                .findFirst());
  }

  private static Predicate<LayerFacts> of(Digest layer) {
    return facts -> facts.digest().equals(Optional.of(layer));
  }

  /** By which analyzers the facts of a layer are kept, the latest first. */
  private List<String> versions(Digest layer) {
    return database.run(
        client ->
            client
                .sql(
                    """
                    SELECT analyzers FROM layer_facts WHERE layer_digest = :layer
                      ORDER BY stored_at DESC, analyzers LIMIT :most
                    """)
                .param("layer", layer.value())
                .param("most", MOST_VERSIONS)
                .query(String.class)
                .list());
  }

  private Optional<byte[]> row(Digest layer, String analyzers) {
    return bytes(
        "SELECT facts FROM layer_facts WHERE layer_digest = ? AND analyzers = ?",
        layer.value(),
        analyzers);
  }

  /** What another version of this program wrote may be of another form. */
  private Optional<LayerFacts> decodeIfPossible(byte[] bytes) {
    try {
      return Optional.of(decode(bytes));
    } catch (IllegalStateException e) {
      return Optional.empty();
    }
  }

  @Override
  public void putFacts(FactKey key, LayerFacts facts) {
    orEmpty(
        () -> {
          byte[] bytes = encode(facts);
          database.inTransaction(
              client -> {
                Upsert.run(
                    client,
                    """
                    UPDATE layer_facts SET facts = :facts, bytes = :bytes, stored_at = :storedAt
                      WHERE layer_digest = :layer AND analyzers = :analyzers
                    """,
                    """
                    INSERT INTO layer_facts (layer_digest, analyzers, facts, bytes, stored_at)
                      VALUES (:layer, :analyzers, :facts, :bytes, :storedAt)
                      ON CONFLICT DO NOTHING
                    """,
                    Map.of(
                        "layer",
                        key.layer().value(),
                        "analyzers",
                        analyzers(key),
                        "facts",
                        bytes,
                        "bytes",
                        bytes.length,
                        "storedAt",
                        clock.millis()));
                return bytes;
              });
          return Optional.empty();
        });
  }

  @Override
  public Optional<byte[]> document(Digest digest) {
    return orEmpty(
        () ->
            bytes("SELECT bytes FROM document WHERE digest = ?", digest.value())
                .filter(bytes -> Bytes.digest(bytes).equals(digest)));
  }

  /** What is there under a digest and is another document is replaced. */
  @Override
  public void putDocument(Digest digest, byte[] bytes) {
    if (bytes.length > ManifestParser.MAX_CONFIG_BYTES) {
      return;
    }
    orEmpty(
        () -> {
          database.inTransaction(
              client -> {
                Upsert.run(
                    client,
                    "UPDATE document SET bytes = :bytes, stored_at = :storedAt"
                        + " WHERE digest = :digest",
                    "INSERT INTO document (digest, bytes, stored_at)"
                        + " VALUES (:digest, :bytes, :storedAt) ON CONFLICT DO NOTHING",
                    Map.of("digest", digest.value(), "bytes", bytes, "storedAt", clock.millis()));
                return bytes;
              });
          return Optional.empty();
        });
  }

  private Optional<byte[]> bytes(String sql, Object... parameters) {
    return database.run(
        client ->
            client.sql(sql).params(parameters).query((row, number) -> row.getBytes(1)).optional());
  }

  private static String analyzers(FactKey key) {
    return Digest.ofText(key.analyzers()).hex();
  }

  private LayerFacts decode(byte[] bytes) {
    try {
      return codec.read(new ByteArrayInputStream(bytes));
    } catch (IOException e) {
      throw new IllegalStateException("facts of a layer cannot be read: " + e.getMessage(), e);
    }
  }

  private byte[] encode(LayerFacts facts) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try {
      codec.write(facts, new BoundedStream(bytes, MAX_BYTES));
    } catch (IOException e) {
      throw new IllegalStateException("facts of a layer are not kept: " + e.getMessage(), e);
    }
    return bytes.toByteArray();
  }

  private <T> Optional<T> orEmpty(Supplier<Optional<T>> access) {
    try {
      return access.get();
    } catch (RuntimeException e) {
      long now = clock.millis();
      long until = quietUntil.get();
      if (now >= until && quietUntil.compareAndSet(until, now + QUIET.toMillis())) {
        LOG.warn("facts: {}", Printable.of(String.valueOf(e.getMessage())));
      }
      return Optional.empty();
    }
  }

  /** Takes no more than so many bytes. */
  private static final class BoundedStream extends OutputStream {
    private final OutputStream out;
    private long left;

    BoundedStream(OutputStream out, long most) {
      this.out = out;
      this.left = most;
    }

    @Override
    public void write(int value) throws IOException {
      write(new byte[] {(byte) value}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      left -= length;
      if (left < 0) {
        throw new IOException("they have more than " + MAX_BYTES + " bytes");
      }
      out.write(bytes, offset, length);
    }
  }
}
