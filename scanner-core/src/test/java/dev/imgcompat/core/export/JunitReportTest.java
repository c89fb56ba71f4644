package dev.imgcompat.core.export;

import static org.assertj.core.api.Assertions.assertThat;

import dev.imgcompat.core.image.Printable;
import dev.imgcompat.core.testing.ReportBuilder;
import dev.imgcompat.core.verdict.Decision;
import dev.imgcompat.core.verdict.Report;
import dev.imgcompat.core.verdict.Report.ScanError;
import java.io.StringReader;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;

class JunitReportTest {
  private static final String RUNTIME = "kata:3.19";

  @Test
  void everyImageIsATest() throws Exception {
    Document xml =
        parse(
            ReportBuilder.on(RUNTIME)
                .compatible("localhost:5000/team/app:1")
                .excluded("centos:5")
                .build(),
            ExportOptions.DEFAULT);
    Element excluded = element(xml, "testcase", 0);
    assertThat(excluded.getAttribute("classname")).isEqualTo("docker.io/library/centos");
    assertThat(excluded.getAttribute("name")).isEqualTo("docker.io/library/centos:5 (linux/amd64)");
    assertThat(element(xml, "testcase", 1).getAttribute("classname"))
        .isEqualTo("localhost:5000/team/app");
    assertThat(element(xml, "testsuite", 0).getAttribute("tests")).isEqualTo("2");
    assertThat(element(xml, "testsuite", 0).getAttribute("name")).isEqualTo("imgcompat kata:3.19");
  }

  @Test
  void whatCannotRunFailsAndSaysWhy() throws Exception {
    Document xml =
        parse(ReportBuilder.on(RUNTIME).excluded("centos:5").build(), ExportOptions.DEFAULT);
    Element failure = element(xml, "failure", 0);
    assertThat(failure.getAttribute("type")).isEqualTo("EXCLUDED");
    assertThat(failure.getAttribute("message"))
        .isEqualTo("cannot run on kata:3.19: 32-bit x86 programs");
    assertThat(failure.getTextContent())
        .contains("ia32-program [START]", "/bin/sh: ELF 32-bit, EM_386", "remedy: another runtime");
    assertThat(element(xml, "testsuite", 0).getAttribute("failures")).isEqualTo("1");
  }

  @Test
  void whatNeedsParametersFailsUnlessTheGuestsHaveThem() throws Exception {
    Report report = ReportBuilder.on(RUNTIME).needsVsyscall("centos:6").build();
    Document lacking = parse(report, ExportOptions.DEFAULT);
    assertThat(element(lacking, "failure", 0).getAttribute("type"))
        .isEqualTo("NEEDS_KERNEL_PARAMS");
    assertThat(element(lacking, "failure", 0).getAttribute("message"))
        .startsWith("needs vsyscall=emulate on kata:3.19");
    Document having = parse(report, Exports.GUESTS_HAVE_PARAMS);
    assertThat(having.getElementsByTagName("failure").getLength()).isZero();
    assertThat(element(having, "system-out", 0).getTextContent()).contains("vsyscall-glibc");
  }

  @Test
  void whatCouldNotBeScannedIsAnErrorWhateverListsMakeOfIt() throws Exception {
    Report report = ReportBuilder.on(RUNTIME).failed("nope:1").build();
    for (ExportOptions options :
        new ExportOptions[] {ExportOptions.DEFAULT, Exports.UNKNOWN_IS_ALLOWED}) {
      Document xml = parse(report, options);
      Element error = element(xml, "error", 0);
      assertThat(error.getAttribute("type")).isEqualTo("not-found");
      assertThat(error.getAttribute("message"))
          .isEqualTo("was not scanned: the registry knows no such image");
      assertThat(error.getTextContent()).contains("whoever asked for the image");
      assertThat(element(xml, "testsuite", 0).getAttribute("errors")).isEqualTo("1");
    }
  }

  @Test
  void adviceDoesNotFail() throws Exception {
    Document xml = parse(ReportBuilder.on(RUNTIME).slow("centos:7").build(), ExportOptions.DEFAULT);
    assertThat(xml.getElementsByTagName("failure").getLength()).isZero();
    assertThat(element(xml, "system-out", 0).getTextContent())
        .contains("rpm-descriptor-loop [advice]");
  }

  @Test
  void propertiesSayWhatTheSuiteIsMadeOf() throws Exception {
    Document xml =
        parse(ReportBuilder.on(RUNTIME).excluded("centos:5").build(), ExportOptions.DEFAULT);
    NodeList properties = xml.getElementsByTagName("property");
    assertThat(properties.getLength()).isGreaterThan(5);
    assertThat(xmlText(ReportBuilder.on(RUNTIME).excluded("centos:5").build()))
        .contains("name=\"runtime\" value=\"kata:3.19\"")
        .contains("name=\"newestScan\" value=\"2026-11-01T12:00:00Z\"")
        .contains("name=\"images.EXCLUDED\" value=\"1\"")
        .contains("name=\"rules\" value=\"sha256:");
  }

  @ParameterizedTest
  @MethodSource("dev.imgcompat.core.testing.HostileTexts#all")
  void everyTextOfStrangersIsReadAsTextAgain(String text) throws Exception {
    Document xml =
        parse(
            ReportBuilder.on(RUNTIME)
                .image("a:1", Decision.EXCLUDED, List.of(), ReportBuilder.hostile(text))
                .failed("b:1", new ScanError(text, text, text, true))
                .build(),
            ExportOptions.DEFAULT);
    String printable = Printable.of(text);
    assertThat(element(xml, "failure", 0).getTextContent()).contains("/" + printable + ": ");
    assertThat(element(xml, "failure", 0).getAttribute("message")).endsWith(": " + printable);
    assertThat(element(xml, "error", 0).getAttribute("message")).endsWith(": " + printable);
    assertThat(element(xml, "error", 0).getAttribute("type")).isEqualTo(printable);
    assertThat(xml.getElementsByTagName("*").getLength())
        .as("no element comes of it")
        .isEqualTo(4 + xml.getElementsByTagName("property").getLength() + 3);
  }

  private static Document parse(Report report, ExportOptions options) throws Exception {
    String text = Exports.text(new JunitReport(), options, report);
    return DocumentBuilderFactory.newInstance()
        .newDocumentBuilder()
        .parse(new InputSource(new StringReader(text)));
  }

  private static String xmlText(Report report) throws ExportException {
    return Exports.text(new JunitReport(), ExportOptions.DEFAULT, report);
  }

  private static Element element(Document xml, String name, int index) {
    return (Element) xml.getElementsByTagName(name).item(index);
  }
}
