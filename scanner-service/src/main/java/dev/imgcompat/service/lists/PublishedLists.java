package dev.imgcompat.service.lists;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.imgcompat.core.export.ExportException;
import dev.imgcompat.core.export.ExportFormat;
import dev.imgcompat.core.export.ExportOptions;
import dev.imgcompat.core.export.Exported;
import dev.imgcompat.core.export.ExportedFile;
import dev.imgcompat.core.verdict.Report;
import dev.imgcompat.service.background.Background;
import dev.imgcompat.service.http.EntityTag;
import dev.imgcompat.service.settings.Settings;
import dev.imgcompat.service.store.ListRevision;
import dev.imgcompat.service.store.Store;
import dev.imgcompat.service.store.StoreUnavailableException;
import java.lang.ref.SoftReference;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The newest revision, in memory, so that lists are there while the store is down; formats are made
 * when they are asked for, once. Another replica's revisions are seen a moment later.
 */
public final class PublishedLists implements Lists, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(PublishedLists.class);

  private static final Duration LOOK = Duration.ofSeconds(1);
  private final Store store;
  private final ListMaker maker;
  private final ExportOptions defaults;
  private final Report.Tool tool;
  private final Cache<Rendering, RenderedList> rendered;
  private volatile Newest newest;
  private final Background background = new Background("lists");

  private record Rendering(long revision, ExportFormat format, ExportOptions options) {}

  /** A revision, and its report for as long as there is memory for it. */
  private static final class Newest {
    private final ListRevision revision;
    private SoftReference<Report> report = new SoftReference<>(null);

    Newest(ListRevision revision) {
      this.revision = revision;
    }

    synchronized Report report() {
      Report kept = report.get();
      if (kept == null) {
        kept = ReportBytes.report(revision.report(), new SharedParts());
        report = new SoftReference<>(kept);
      }
      return kept;
    }
  }

  PublishedLists(
      Store store, ListMaker maker, ExportOptions defaults, Report.Tool tool, Settings settings) {
    this.store = store;
    this.maker = maker;
    this.defaults = defaults;
    this.tool = tool;
    this.newest = new Newest(nothing());
    this.rendered =
        Caffeine.newBuilder()
            .maximumWeight(settings.memory().lists().toBytes())
            .<Rendering, RenderedList>weigher((k, v) -> v.body().length + 1_000)
            .build();
    look();
    background.every(LOOK, this::look);
    background.every(settings.lists().interval(), this::make);
  }

  /** Makes a new revision, if there is something new; as every now and then. */
  public void make() {
    try {
      maker.makeIfChanged();
      look();
    } catch (StoreUnavailableException e) {
      // The next time, then.
    } catch (RuntimeException | OutOfMemoryError e) {
      LOG.error("the lists cannot be made", e);
    }
  }

  private ListRevision nothing() {
    return new ListRevision(
        0, Instant.EPOCH, "", ReportBytes.of(new Report(Report.SCHEMA_VERSION, tool, List.of())));
  }

  /** Takes over a newer revision, if there is one. */
  private void look() {
    try {
      OptionalLong there = store.lists().newestRevision();
      if (there.isPresent() && there.getAsLong() != newest.revision.revision()) {
        store.lists().newest().ifPresent(r -> newest = new Newest(r));
      }
    } catch (StoreUnavailableException e) {
      // What is in memory stays.
    } catch (RuntimeException e) {
      LOG.error("the lists cannot be read", e);
    }
  }

  @Override
  public long revision() {
    return newest.revision.revision();
  }

  @Override
  public Instant madeAt() {
    return newest.revision.madeAt();
  }

  @Override
  public ExportOptions defaults() {
    return defaults;
  }

  @Override
  public RenderedList render(ExportFormat format, ExportOptions options) throws ExportException {
    Newest from = newest;
    Rendering key = new Rendering(from.revision.revision(), format, options);
    RenderedList kept = rendered.getIfPresent(key);
    if (kept != null) {
      return kept;
    }
    Exported exported;
    synchronized (rendered) {
      kept = rendered.getIfPresent(key);
      if (kept != null) {
        return kept;
      }
      exported = format.make(List.of(from.report()), options);
      if (exported.files().size() != 1) {
        throw new ExportException(
            format.id()
                + " has "
                + exported.files().size()
                + " files, "
                + exported.files().stream()
                    .map(ExportedFile::path)
                    .collect(Collectors.joining(", "))
                + ": make them of /v1/report with imgcompat export "
                + format.id()
                + " --write DIRECTORY");
      }
      ExportedFile file = exported.files().get(0);
      RenderedList made =
          list(
              from.revision,
              format.mediaType(),
              file.path(),
              file.text().getBytes(StandardCharsets.UTF_8),
              exported.warnings());
      rendered.put(key, made);
      return made;
    }
  }

  @Override
  public RenderedList report() {
    ListRevision from = newest.revision;
    return list(
        from, "application/json", "report.json", ReportBytes.json(from.report()), List.of());
  }

  private static RenderedList list(
      ListRevision revision,
      String mediaType,
      String fileName,
      byte[] body,
      List<String> warnings) {
    return new RenderedList(
        revision.revision(),
        revision.madeAt(),
        mediaType,
        fileName,
        body,
        EntityTag.of(body),
        warnings);
  }

  @Override
  public ListGuard guard() {
    return maker.state();
  }

  @Override
  public long publish() {
    maker.makeAnyway();
    look();
    return revision();
  }

  @Override
  public void close() {
    background.close();
  }
}
