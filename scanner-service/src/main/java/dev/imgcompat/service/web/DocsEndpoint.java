package dev.imgcompat.service.web;

import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Properties;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;

/** What this API is, for machines and for people; all of it is in the jars. */
@Controller
final class DocsEndpoint {
  private static final String OWN = "/dev/imgcompat/service/web/";
  private static final String VERSION = "/META-INF/maven/org.webjars/swagger-ui/pom.properties";
  private static final String JARS = "/META-INF/resources/webjars/swagger-ui/";
  private static final String SCRIPT = "text/javascript";

  /** Nothing comes from elsewhere, and nothing in the page itself is run. */
  private static final String POLICY =
      "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none';"
          + " form-action 'none'; frame-ancestors 'none'";

  private final Encoded specification;
  private final Encoded page;
  private final Map<String, Encoded> files;

  DocsEndpoint() {
    String jar = JARS + version() + "/";
    specification = new Encoded("application/yaml", resource("/openapi.yaml"));
    page = new Encoded("text/html;charset=utf-8", resource(OWN + "docs.html"));
    files =
        Map.of(
            "docs.js", new Encoded(SCRIPT, resource(OWN + "docs.js")),
            "swagger-ui-bundle.js", new Encoded(SCRIPT, resource(jar + "swagger-ui-bundle.js")),
            "swagger-ui.css", new Encoded("text/css", resource(jar + "swagger-ui.css")),
            "favicon-32x32.png", new Encoded("image/png", resource(jar + "favicon-32x32.png")));
  }

  @GetMapping("/")
  Reply root() {
    return Reply.redirect("/docs");
  }

  @GetMapping("/openapi.yaml")
  Reply specification(HttpServletRequest request) {
    return specification.reply(request);
  }

  @GetMapping("/docs")
  Reply page(HttpServletRequest request) {
    return page.reply(request).with("Content-Security-Policy", POLICY);
  }

  @GetMapping("/docs/{file}")
  Reply file(HttpServletRequest request, @PathVariable("file") String name) {
    Encoded file = files.get(name);
    if (file == null) {
      throw new RefusedException(Problem.of(ProblemKind.NOT_FOUND, "there is no such file"));
    }
    return file.reply(request);
  }

  private static String version() {
    Properties properties = new Properties();
    try (InputStream in = open(VERSION)) {
      properties.load(in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return properties.getProperty("version");
  }

  private static byte[] resource(String name) {
    try (InputStream in = open(name)) {
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static InputStream open(String name) {
    InputStream in = DocsEndpoint.class.getResourceAsStream(name);
    if (in == null) {
      throw new IllegalStateException("missing resource " + name);
    }
    return in;
  }
}
