package dev.imgcompat.core.sweep.state;

import dev.imgcompat.core.image.Digest;
import dev.imgcompat.core.verdict.Report.ImageReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.h2.mvstore.Cursor;
import org.h2.mvstore.DataUtils;
import org.h2.mvstore.MVMap;
import org.h2.mvstore.MVStore;
import org.h2.mvstore.MVStoreException;
import org.h2.mvstore.type.ByteArrayDataType;
import org.h2.mvstore.type.StringDataType;

/**
 * Keeps what sweeps find in one file, of which little is in memory at a time. What was kept is in
 * the file a second later at most; of a process that is killed no more is lost. Of several
 * processes one has the file.
 */
public final class FileSweepState implements SweepState, AutoCloseable {
  private static final int CACHE_MEBIBYTES = 16;

  /** Old pages are rewritten when a state is closed, for no longer than this. */
  private static final int COMPACT_MILLIS = 500;

  private static final String OPEN = "open";
  private static final String LAST = "last";

  private final MVStore store;
  private final MVMap<String, byte[]> tags;
  private final MVMap<String, byte[]> outcomes;
  private final MVMap<String, byte[]> reports;
  private final MVMap<String, byte[]> runs;

  /**
   * A run that was begun and has not ended.
   *
   * @param run its number
   * @param begunAt when it was begun first
   * @param fingerprint of what it sweeps
   */
  public record OpenRun(long run, Instant begunAt, String fingerprint) {}

  /** What a digest leads to. */
  private record Outcomes(String basis, List<TagOutcome> images) {}

  private FileSweepState(MVStore store) {
    this.store = store;
    this.tags = map("tags");
    this.outcomes = map("outcomes");
    this.reports = map("reports");
    this.runs = map("runs");
  }

  private MVMap<String, byte[]> map(String name) {
    return store.openMap(
        name,
        new MVMap.Builder<String, byte[]>()
            .keyType(StringDataType.INSTANCE)
            .valueType(ByteArrayDataType.INSTANCE));
  }

  /**
   * Opens a state, or makes one.
   *
   * @param file is made, with its directories, if it is not there; only its owner may read it
   * @throws IOException if it cannot be opened, or another process has it; in one line
   */
  public static FileSweepState open(Path file) throws IOException {
    Path absolute = file.toAbsolutePath();
    makePrivate(absolute);
    try {
      return new FileSweepState(
          new MVStore.Builder()
              // The file channel is closed when a thread that uses it is interrupted; this opens it
              // again, but forgets the interruption.
              .fileName("retry:" + absolute)
              .cacheSize(CACHE_MEBIBYTES)
              .compress()
              .open());
    } catch (MVStoreException e) {
      throw new IOException(
          e.getErrorCode() == DataUtils.ERROR_FILE_LOCKED
              ? file + " is in use by another sweep"
              : file + " cannot be read as what sweeps keep: move it away to begin anew",
          e);
    }
  }

  private static void makePrivate(Path file) throws IOException {
    if (Files.exists(file)) {
      return;
    }
    boolean posix = file.getFileSystem().supportedFileAttributeViews().contains("posix");
    Path directory = file.getParent();
    if (directory != null) {
      Files.createDirectories(directory);
    }
    if (posix) {
      Files.createFile(
          file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    }
  }

  /** The run that was begun and has not ended, if there is one. */
  public Optional<OpenRun> unfinished() {
    return Optional.ofNullable(runs.get(OPEN)).map(b -> StateJson.read(b, OpenRun.class));
  }

  /** The number of the run that ended last. */
  public OptionalLong lastRun() {
    byte[] last = runs.get(LAST);
    return last == null
        ? OptionalLong.empty()
        : OptionalLong.of(StateJson.read(last, OpenRun.class).run());
  }

  /**
   * Begins a run; one that has not ended is given up.
   *
   * @param fingerprint of what it sweeps
   */
  public OpenRun begin(String fingerprint, Instant now) {
    long before = Math.max(lastRun().orElse(0), unfinished().map(OpenRun::run).orElse(0L));
    OpenRun run = new OpenRun(before + 1, now, fingerprint);
    runs.put(OPEN, StateJson.write(run));
    store.commit();
    return run;
  }

  /** Ends a run, and forgets the images that no tag leads to any more. */
  public void end(long run) {
    Optional<OpenRun> open = unfinished().filter(o -> o.run() == run);
    if (open.isEmpty()) {
      throw new IllegalArgumentException("run " + run + " is not open");
    }
    forgetUnused();
    runs.put(LAST, StateJson.write(open.get()));
    runs.remove(OPEN);
    store.commit();
  }

  private void forgetUnused() {
    MVMap<String, byte[]> used = map("used");
    used.clear();
    byte[] mark = {};
    forEach(
        tag -> {
          tag.digest().ifPresent(d -> used.putIfAbsent(d.value(), mark));
          for (TagOutcome image : tag.outcomes()) {
            image.digest().ifPresent(d -> used.putIfAbsent(d.value(), mark));
          }
        });
    retain(outcomes, used);
    retain(reports, used);
    store.removeMap(used);
  }

  private static void retain(MVMap<String, byte[]> map, Map<String, byte[]> used) {
    map.keyIterator(null)
        .forEachRemaining(
            key -> {
              if (!used.containsKey(key)) {
                map.remove(key);
              }
            });
  }

  /** Does something with the file, and leaves an interruption for whoever can deal with it. */
  private static <T> T undisturbed(Supplier<T> access) {
    boolean interrupted = Thread.interrupted();
    try {
      return access.get();
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  @Override
  public Optional<TagRecord> tag(String reference) {
    return undisturbed(() -> get(tags, reference)).map(FileSweepState::record);
  }

  private static Optional<byte[]> get(MVMap<String, byte[]> map, String key) {
    return Optional.ofNullable(map.get(key));
  }

  @Override
  public Optional<List<TagOutcome>> outcomes(Digest digest, String basis) {
    return undisturbed(() -> get(outcomes, digest.value()))
        .map(bytes -> StateJson.read(bytes, Outcomes.class))
        .filter(known -> known.basis().equals(basis))
        .map(Outcomes::images);
  }

  @Override
  public void keep(TagRecord record, List<ImageReport> found) {
    undisturbed(
        () -> {
          put(record, found);
          return record;
        });
  }

  private void put(TagRecord record, List<ImageReport> found) {
    for (ImageReport report : found) {
      // What failed by one tag may have been read by another.
      report
          .digest()
          .filter(d -> report.error().isEmpty() || !reports.containsKey(d.value()))
          .ifPresent(d -> reports.put(d.value(), StateJson.compress(report)));
    }
    if (!found.isEmpty() && record.digest().isPresent()) {
      List<TagOutcome> images = found.stream().map(TagOutcome::of).toList();
      outcomes.put(
          record.digest().get().value(), StateJson.write(new Outcomes(record.basis(), images)));
    }
    tags.put(record.reference(), StateJson.write(record));
  }

  /** The newest report on an image, by whichever tag it was scanned. */
  public Optional<ImageReport> report(Digest manifest) {
    return undisturbed(() -> get(reports, manifest.value()))
        .map(bytes -> StateJson.readCompressed(bytes, ImageReport.class));
  }

  @Override
  public void forget(String reference) {
    undisturbed(() -> Optional.ofNullable(tags.remove(reference)));
  }

  @Override
  public void forEach(Consumer<TagRecord> consumer) {
    Cursor<String, byte[]> cursor = undisturbed(() -> tags.cursor(null));
    while (undisturbed(cursor::hasNext)) {
      cursor.next();
      consumer.accept(record(cursor.getValue()));
    }
  }

  @Override
  public OptionalLong size() {
    return OptionalLong.of(tags.sizeAsLong());
  }

  private static TagRecord record(byte[] bytes) {
    return StateJson.read(bytes, TagRecord.class);
  }

  /** Writes to the file what is not yet in it. */
  public void flush() {
    undisturbed(store::commit);
  }

  @Override
  public void close() {
    undisturbed(
        () -> {
          store.close(COMPACT_MILLIS);
          return store;
        });
  }
}
