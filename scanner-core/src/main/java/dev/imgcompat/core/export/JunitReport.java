package dev.imgcompat.core.export;

import dev.imgcompat.core.export.GateImage.Outcome;
import dev.imgcompat.core.image.Printable;
import dev.imgcompat.core.router.ImageName;
import dev.imgcompat.core.rules.Effect;
import dev.imgcompat.core.rules.Evidence;
import dev.imgcompat.core.rules.Finding;
import dev.imgcompat.core.rules.Remedy;
import dev.imgcompat.core.verdict.Report.ScanError;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;

/**
 * Every image as a test, in the XML that JUnit made a custom among CI systems: one suite for all,
 * in which the repository is the class and the image the test. What cannot run fails; what could
 * not be scanned is an error, whatever lists make of it. Shaped as Jenkins' schema has it.
 */
final class JunitReport implements Form {

  @Override
  public List<ExportedFile> files(ExportInput input) throws ExportException {
    List<GateImage> images = GateImage.of(input);
    StringWriter text = new StringWriter();
    try {
      XMLStreamWriter xml = XMLOutputFactory.newDefaultFactory().createXMLStreamWriter(text);
      xml.writeStartDocument("UTF-8", "1.0");
      xml.writeCharacters("\n");
      xml.writeStartElement("testsuites");
      xml.writeCharacters("\n");
      suite(xml, images, input);
      xml.writeEndElement();
      xml.writeCharacters("\n");
      xml.writeEndDocument();
      xml.close();
    } catch (XMLStreamException e) {
      throw new IllegalStateException(e); // a string takes everything
    }
    return List.of(new ExportedFile("imgcompat-junit.xml", text.toString()));
  }

  private static void suite(XMLStreamWriter xml, List<GateImage> images, ExportInput input)
      throws XMLStreamException {
    xml.writeStartElement("testsuite");
    attribute(xml, "name", "imgcompat " + input.selection().runtime());
    attribute(xml, "tests", Integer.toString(images.size()));
    attribute(xml, "failures", Long.toString(count(images, Outcome.FAILS)));
    attribute(xml, "errors", Long.toString(count(images, Outcome.UNKNOWN)));
    attribute(xml, "skipped", "0");
    attribute(xml, "time", "0");
    String newest = input.selection().newestScan().orElse("");
    if (!newest.isEmpty()) {
      // By custom without a zone.
      attribute(xml, "timestamp", newest.replaceAll("(\\.\\d+)?Z$", ""));
    }
    xml.writeCharacters("\n");
    xml.writeStartElement("properties");
    xml.writeCharacters("\n");
    for (Map.Entry<String, String> property : Preamble.properties(input).entrySet()) {
      xml.writeEmptyElement("property");
      attribute(xml, "name", property.getKey());
      attribute(xml, "value", property.getValue());
      xml.writeCharacters("\n");
    }
    end(xml);
    for (GateImage image : images) {
      test(xml, image);
    }
    end(xml);
  }

  private static long count(List<GateImage> images, Outcome outcome) {
    return images.stream().filter(i -> i.outcome() == outcome).count();
  }

  private static void test(XMLStreamWriter xml, GateImage image) throws XMLStreamException {
    xml.writeStartElement("testcase");
    String canonical = image.image().canonical();
    attribute(
        xml, "classname", Placements.name(canonical).map(ImageName::home).orElse("no registry"));
    attribute(xml, "name", image.fullTitle());
    attribute(xml, "time", "0");
    String text = String.join("\n", lines(image));
    switch (image.outcome()) {
      case FAILS -> problem(xml, "failure", image.decision().name(), image, text);
      case UNKNOWN ->
          problem(
              xml,
              "error",
              image.image().error().map(ScanError::kind).orElse("incomplete"),
              image,
              text);
      case ADVISED, PASSES -> {
        if (!text.isEmpty()) {
          xml.writeCharacters("\n");
          xml.writeStartElement("system-out");
          xml.writeCharacters(text);
          end(xml);
        }
      }
    }
    end(xml);
  }

  private static void problem(
      XMLStreamWriter xml, String element, String type, GateImage image, String text)
      throws XMLStreamException {
    xml.writeCharacters("\n");
    xml.writeStartElement(element);
    attribute(xml, "type", type);
    attribute(xml, "message", image.headline() + ": " + String.join("; ", image.reasons()));
    xml.writeCharacters(text);
    end(xml);
  }

  /** Everything known of an image, for whoever has to do something about it. */
  private static List<String> lines(GateImage image) {
    List<String> lines = new ArrayList<>();
    image
        .image()
        .error()
        .ifPresent(
            e -> {
              lines.add(e.message());
              lines.add(PlainWords.move(e));
            });
    for (Finding finding : image.verdict().findings()) {
      String mark =
          finding.effect() == Effect.ADVICE
              ? "advice"
              : finding.scope() + (finding.decides() ? "" : ", informs");
      lines.add(finding.rule() + " [" + mark + "] " + finding.summary());
      for (Evidence evidence : finding.evidence()) {
        lines.add("  " + PlainWords.evidence(evidence));
      }
      PlainWords.more(finding, finding.evidence().size()).forEach(m -> lines.add("  " + m));
      for (Remedy remedy : finding.remedies()) {
        lines.add("  remedy: " + PlainWords.remedy(remedy));
      }
      finding.references().forEach(r -> lines.add("  see " + r));
    }
    image.notes().forEach(n -> lines.add("note: " + n));
    return lines.stream().map(Printable::of).toList();
  }

  private static void attribute(XMLStreamWriter xml, String name, String value)
      throws XMLStreamException {
    // Printable text has none of the characters that XML 1.0 knows no way to write.
    xml.writeAttribute(name, Printable.of(value));
  }

  private static void end(XMLStreamWriter xml) throws XMLStreamException {
    xml.writeEndElement();
    xml.writeCharacters("\n");
  }
}
