package dev.imgcompat.service.web;

import dev.imgcompat.core.export.ExportFormat;
import jakarta.servlet.http.HttpServletRequest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.springframework.http.MediaType;
import org.springframework.util.MimeTypeUtils;

/** Which format a list is wanted in. */
final class ListFormat {
  private ListFormat() {}

  /**
   * Chooses: what {@code format} names, or else the first that {@code Accept} allows, the usual one
   * before all others.
   */
  static ExportFormat choose(
      HttpServletRequest request, Optional<String> named, ExportFormat usual) {
    if (named.isPresent()) {
      try {
        return ExportFormat.of(named.get());
      } catch (IllegalArgumentException e) {
        throw RefusedException.malformed(String.valueOf(e.getMessage()));
      }
    }
    List<String> accept = Collections.list(request.getHeaders("Accept"));
    return accept.isEmpty() ? usual : accepted(ranges(accept), usual);
  }

  private static List<MediaType> ranges(List<String> accept) {
    try {
      List<MediaType> ranges = new ArrayList<>(MediaType.parseMediaTypes(accept));
      MimeTypeUtils.sortBySpecificity(ranges);
      ranges.sort((a, b) -> Double.compare(b.getQualityValue(), a.getQualityValue()));
      return ranges;
    } catch (IllegalArgumentException e) { // not parsed, or too many to be sorted
      throw RefusedException.malformed("the header Accept is no list of media types");
    }
  }

  private static ExportFormat accepted(List<MediaType> ranges, ExportFormat usual) {
    List<ExportFormat> formats = new ArrayList<>(List.of(usual));
    formats.addAll(Arrays.asList(ExportFormat.values()));
    for (MediaType range : ranges) {
      if (range.getQualityValue() > 0) {
        for (ExportFormat format : formats) {
          if (range.includes(MediaType.parseMediaType(format.mediaType()))) {
            return format;
          }
        }
      }
    }
    if (ranges.isEmpty()) {
      return usual;
    }
    throw new RefusedException(
        Problem.of(
                ProblemKind.NOT_ACCEPTABLE,
                "no format is of a media type that Accept allows; name one as format=ID")
            .member("formats", Arrays.stream(ExportFormat.values()).map(Offered::of).toList()));
  }

  /** A format that can be had. */
  record Offered(String id, String mediaType) {
    static Offered of(ExportFormat format) {
      return new Offered(format.id(), format.mediaType());
    }
  }
}
