package dev.imgcompat.core.export;

import com.samskivert.mustache.Mustache;
import com.samskivert.mustache.Template;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
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
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return "sha256-" + Base64.getEncoder().encodeToString(hash);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // every Java has it
    }
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
