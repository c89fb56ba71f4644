package dev.imgcompat.core.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.imgcompat.core.export.RouterSetup.Parameters;
import dev.imgcompat.core.testing.ReportBuilder;
import dev.imgcompat.core.verdict.Decision;
import dev.imgcompat.core.verdict.Report;
import dev.imgcompat.core.verdict.Report.ImageReport;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RouterHintTest {
  private static final String KERNEL_PARAMS = "io.katacontainers.config.hypervisor.kernel_params";

  private static final ExportOptions THREE_WAY =
      ExportOptions.DEFAULT.with(
          new RouterSetup(
              Optional.empty(),
              "k8s",
              Optional.empty(),
              "k8s-vm",
              Optional.empty(),
              Parameters.ANNOTATION));

  private static final ExportOptions LENIENT =
      new ExportOptions(
          Optional.empty(),
          ExportOptions.DEFAULT.platforms(),
          false,
          true,
          false,
          RouterSetup.DEFAULT,
          GuestSetup.DEFAULT);

  private static RouterHint hint(ReportBuilder report, ExportOptions options)
      throws ExportException {
    Report built = report.build();
    ImageReport image = built.images().get(0);
    return RouterHint.of(image, image.verdicts().get(0), options);
  }

  private static ReportBuilder kata() {
    return ReportBuilder.on("kata");
  }

  @Test
  void whatRunsGoesToTheRuntimeAndTheRestToTheFallback() throws ExportException {
    assertThat(hint(kata().compatible("a:1"), ExportOptions.DEFAULT).executor()).isEqualTo("k8s");
    assertThat(hint(kata().excluded("a:1"), ExportOptions.DEFAULT).executor()).isEqualTo("k8s-vm");
    assertThat(hint(kata().failed("a:1"), ExportOptions.DEFAULT).executor()).isEqualTo("k8s-vm");
    assertThat(hint(kata().failed("a:1"), LENIENT).executor()).isEqualTo("k8s");
  }

  @Test
  void imageThatNeedsParametersIsKeptAwayUnlessItCanBeGivenThem() throws ExportException {
    RouterHint twoWay = hint(kata().needsVsyscall("a:1"), ExportOptions.DEFAULT);
    assertThat(twoWay.executor()).isEqualTo("k8s-vm");
    assertThat(twoWay.annotations()).containsEntry(KERNEL_PARAMS, "vsyscall=emulate");
    RouterHint threeWay = hint(kata().needsVsyscall("a:1"), THREE_WAY);
    assertThat(threeWay.executor()).isEqualTo("k8s-vsyscall");
    assertThat(threeWay.annotations()).containsEntry(KERNEL_PARAMS, "vsyscall=emulate");
  }

  @Test
  void guestsThatHaveTheParametersNeedNone() throws ExportException {
    RouterHint hint = hint(kata().needsVsyscall("a:1"), LENIENT);
    assertThat(hint.executor()).isEqualTo("k8s");
    assertThat(hint.annotations()).isEmpty();
  }

  @Test
  void executorIsTheOneThatTheExportedConfigurationHas() throws ExportException {
    ReportBuilder report = ReportBuilder.on("kata:3.19").needsVsyscall("a:1");
    String exported =
        ExportFormat.SCREWDRIVER.make(List.of(report.build()), THREE_WAY).files().get(0).text();
    assertThat(exported).contains("  " + hint(report, THREE_WAY).executor() + ":");
  }

  @Test
  void whatIsNoParameterIsRefused() {
    assertThatThrownBy(
            () ->
                hint(
                    kata().image("a:1", Decision.NEEDS_KERNEL_PARAMS, List.of("a b\n")), THREE_WAY))
        .isInstanceOf(ExportException.class);
  }
}
