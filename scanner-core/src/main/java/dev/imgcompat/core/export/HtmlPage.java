package dev.imgcompat.core.export;

import com.samskivert.mustache.Mustache;
import com.samskivert.mustache.Template;
import dev.imgcompat.core.image.Digest;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;

/**
 * One page for people, which needs nothing but itself: no network, no fonts, no scripts but its
 * own. A policy in its head forbids browsers everything else, should a text of a stranger ever slip
 * through the template, which escapes all of them.
 */
final class HtmlPage implements Form {
  private static final String STYLE = resource("page.css");
  private static final String SCRIPT = resource("page.js");
  private static final String POLICY =
      "default-src 'none'; style-src '"
          + hash(STYLE)
          + "'; script-src '"
          + hash(SCRIPT)
          + "'; base-uri 'none'; form-action 'none'";
  private static final Template TEMPLATE =
      Mustache.compiler()
          .escapeHTML(true)
          .strictSections(true)
          .emptyStringIsFalse(true)
          .compile(resource("page.mustache"));

  @Override
  public List<ExportedFile> files(ExportInput input) throws ExportException {
    PageContent content = PageContent.of(input, POLICY, STYLE, SCRIPT);
    return List.of(new ExportedFile("imgcompat.html", TEMPLATE.execute(content)));
  }

  /** As a policy names a script or a style that stands in the page: Content Security Policy 3. */
  private static String hash(String text) {
    byte[] hash = HexFormat.of().parseHex(Digest.ofText(text).hex());
    return "sha256-" + Base64.getEncoder().encodeToString(hash);
  }

  private static String resource(String name) {
    try (InputStream in = HtmlPage.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException("the program lacks its resource " + name);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
