package dev.imgcompat.service.web;

import dev.imgcompat.core.export.ExportException;
import dev.imgcompat.core.export.ExportFormat;
import dev.imgcompat.core.export.ExportOptions;
import dev.imgcompat.core.export.Exported;
import dev.imgcompat.core.testing.ReportBuilder;
import dev.imgcompat.core.verdict.Report;
import dev.imgcompat.core.verdict.ReportFormat;
import dev.imgcompat.service.http.EntityTag;
import dev.imgcompat.service.lists.ListGuard;
import dev.imgcompat.service.lists.Lists;
import dev.imgcompat.service.lists.RenderedList;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;

/** Lists of a fixed report, made as the command line makes them. */
final class FakeLists implements Lists {
  private static final Instant MADE_AT = Instant.parse("2026-11-01T12:00:00Z");

  static final Report REPORT =
      ReportBuilder.on("kata:3.19")
          .excluded("old32:1")
          .needsVsyscall("centos:6")
          .compatible("debian:12")
          .build();

  final CopyOnWriteArrayList<ExportOptions> asked = new CopyOnWriteArrayList<>();
  final AtomicLong revision = new AtomicLong(3);
  volatile List<String> warnings = List.of();

  @Override
  public long revision() {
    return revision.get();
  }

  @Override
  public Instant madeAt() {
    return MADE_AT;
  }

  @Override
  public ExportOptions defaults() {
    return ExportOptions.DEFAULT;
  }

  @Override
  public RenderedList render(ExportFormat format, ExportOptions options) throws ExportException {
    asked.add(options);
    Exported exported = format.make(List.of(REPORT), options);
    List<String> all = new ArrayList<>(exported.warnings());
    all.addAll(warnings);
    return list(
        format.mediaType(), exported.files().get(0).path(), exported.files().get(0).text(), all);
  }

  @Override
  public RenderedList report() {
    return list("application/json", "report.json", ReportFormat.json(REPORT), List.of());
  }

  private RenderedList list(String type, String name, String text, List<String> all) {
    byte[] body = text.getBytes(StandardCharsets.UTF_8);
    return new RenderedList(revision.get(), MADE_AT, type, name, body, EntityTag.of(body), all);
  }

  @Override
  public ListGuard guard() {
    return new ListGuard(Optional.of("12 of 20 entries would be gone"), Optional.of(MADE_AT));
  }

  @Override
  public long publish() {
    return revision.incrementAndGet();
  }
}
