package dev.imgcompat.service.scan;

import dev.imgcompat.core.verdict.Report.ImageReport;
import dev.imgcompat.service.store.ScanRecord;
import java.util.Optional;

/**
 * A scan as it is shown.
 *
 * @param scan how far it is
 * @param image what was found, with findings and evidence; absent before
 */
public record ScanView(ScanRecord scan, Optional<ImageReport> image) {}
