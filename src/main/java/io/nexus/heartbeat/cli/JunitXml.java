package io.nexus.heartbeat.cli;

import io.nexus.heartbeat.api.Level;
import io.nexus.heartbeat.standalone.OneCheck.Finding;
import java.io.StringWriter;
import java.util.List;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;

/** A test suite with a case for each target, as continuous integration reads it. */
final class JunitXml {
  private JunitXml() {}

  static String of(List<Finding> findings) {
    var text = new StringWriter();
    try {
      var xml = XMLOutputFactory.newDefaultFactory().createXMLStreamWriter(text);
      xml.writeStartDocument("UTF-8", "1.0");
      xml.writeStartElement("testsuite");
      xml.writeAttribute("name", "heartbeat");
      xml.writeAttribute("tests", Integer.toString(findings.size()));
      xml.writeAttribute(
          "failures",
          Long.toString(count(findings, Level.Degraded) + count(findings, Level.Critical)));
      xml.writeAttribute("errors", Long.toString(count(findings, Level.Unknown)));
      for (var finding : findings) {
        xml.writeStartElement("testcase");
        xml.writeAttribute("classname", finding.monitor());
        xml.writeAttribute("name", finding.target().name());
        var latency = finding.assessment().latency();
        xml.writeAttribute(
            "time", latency == null ? "0" : Double.toString(latency.toNanos() / 1e9));
        outcome(xml, finding);
        xml.writeEndElement();
      }
      xml.writeEndElement();
      xml.writeEndDocument();
      return text + System.lineSeparator();
    } catch (XMLStreamException e) {
      throw new IllegalStateException("writing to memory does not fail", e);
    }
  }

  private static void outcome(XMLStreamWriter xml, Finding finding) throws XMLStreamException {
    if (finding.level() == Level.Healthy) {
      return;
    }
    var element =
        !finding.counts() ? "skipped" : finding.level() == Level.Unknown ? "error" : "failure";
    xml.writeEmptyElement(element);
    xml.writeAttribute(
        "message", CheckReport.word(finding.level()) + ": " + CheckReport.said(finding));
  }

  private static long count(List<Finding> findings, Level level) {
    return findings.stream().filter(f -> f.counts() && f.level() == level).count();
  }
}
