package dev.imgcompat.service.web;

import dev.imgcompat.core.export.ExportException;
import dev.imgcompat.core.export.ExportFormat;
import dev.imgcompat.service.lists.Lists;
import dev.imgcompat.service.lists.RenderedList;
import jakarta.servlet.http.HttpServletRequest;
import java.security.Principal;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;

/** The lists, byte for byte as the command line writes them. */
@Controller
final class ListsEndpoint {
  private static final Logger LOG = LoggerFactory.getLogger(ListsEndpoint.class);

  /** Headers have little room: what is beyond is counted. */
  private static final int MAX_WARNINGS = 10;

  private static final int MAX_WARNING = 300;
  private static final String WARNING = "Imgcompat-Warning";

  /** A page brings its own policy for what is in it; this is about what is around it. */
  private static final String PAGE_POLICY =
      "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

  private final Lists lists;

  ListsEndpoint(Lists lists) {
    this.lists = lists;
  }

  @GetMapping("/v1/exclusions")
  Reply exclusions(HttpServletRequest request) throws ExportException {
    return list(request, ExportFormat.EXCLUSIONS);
  }

  @GetMapping("/v1/kernel-params")
  Reply kernelParams(HttpServletRequest request) throws ExportException {
    return list(request, ExportFormat.KERNEL_PARAMS);
  }

  private Reply list(HttpServletRequest request, ExportFormat usual) throws ExportException {
    Query query = Query.of(request);
    ExportFormat format = ListFormat.choose(request, query.single("format"), usual);
    RenderedList list = lists.render(format, ListQuery.options(query, format, lists.defaults()));
    return reply(request, list).with("Vary", "Accept");
  }

  @GetMapping("/v1/report")
  Reply report(HttpServletRequest request) {
    Query.of(request).only(Set.of());
    return reply(request, lists.report());
  }

  @GetMapping("/v1/lists")
  Reply lists() {
    return Reply.json(200, ListsBody.of(lists));
  }

  @PostMapping("/v1/lists/publish")
  Reply publish(HttpServletRequest request) {
    String who = Optional.ofNullable(request.getUserPrincipal()).map(Principal::getName).orElse("");
    long revision = lists.publish();
    LOG.info("lists published as revision {} whatever is gone, asked for by {}", revision, who);
    return Reply.json(200, ListsBody.of(lists));
  }

  private static Reply reply(HttpServletRequest request, RenderedList list) {
    boolean text = list.mediaType().startsWith("text/");
    Reply reply =
        Reply.entity(
                request,
                list.etag(),
                Reply.REVALIDATE,
                text ? list.mediaType() + ";charset=utf-8" : list.mediaType(),
                list.body())
            .with("Imgcompat-Revision", Long.toString(list.revision()))
            .with(
                "Content-Disposition",
                "inline; filename=\"" + ascii(list.fileName()).replace('"', '_') + '"');
    if (list.mediaType().equals("text/html")) {
      reply = reply.with("Content-Security-Policy", PAGE_POLICY);
    }
    List<String> warnings = list.warnings();
    for (String warning : warnings.subList(0, Math.min(warnings.size(), MAX_WARNINGS))) {
      reply = reply.with(WARNING, ascii(warning));
    }
    return warnings.size() > MAX_WARNINGS
        ? reply.with(WARNING, "and " + (warnings.size() - MAX_WARNINGS) + " more")
        : reply;
  }

  /** Text that is safe in a header. */
  private static String ascii(String text) {
    StringBuilder safe = new StringBuilder();
    text.chars()
        .limit(MAX_WARNING)
        .forEach(c -> safe.append(c >= ' ' && c < 0x7F ? (char) c : '?'));
    return safe.toString();
  }
}
