package dev.imgcompat.service.lists;

import dev.imgcompat.core.verdict.Report;
import java.util.List;

/**
 * What lists are about.
 *
 * @param runtimes whose verdicts they have
 * @param platform of builds, such as {@code linux/amd64}
 * @param tool that judges
 */
record Basis(List<String> runtimes, String platform, Report.Tool tool) {
  Basis {
    runtimes = List.copyOf(runtimes);
  }
}
