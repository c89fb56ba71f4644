package dev.imgcompat.service.web;

import dev.imgcompat.core.Version;
import dev.imgcompat.core.image.Digest;
import dev.imgcompat.core.rules.Offer;
import dev.imgcompat.core.rules.RuleDescription;
import dev.imgcompat.core.rules.RulePack;
import dev.imgcompat.core.rules.RuntimeProfile;
import dev.imgcompat.core.rules.Target;
import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import java.util.Optional;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;

/** What this process judges by; it stays the same as long as it runs. */
@Controller
final class KnowledgeEndpoint {
  private final Encoded version;
  private final Encoded rules;
  private final Encoded runtimes;

  /**
   * Makes it.
   *
   * @param judged names of the runtimes that every image is judged for
   */
  KnowledgeEndpoint(RulePack pack, List<String> judged) {
    version = Encoded.json(new VersionBody("imgcompat", Version.current(), pack.digest()));
    rules = Encoded.json(new RulesBody(pack.digest(), pack.descriptions()));
    runtimes =
        Encoded.json(
            new RuntimesBody(
                pack.runtimes().stream().map(r -> RuntimeBody.of(r, pack, judged)).toList()));
  }

  /** What answers. */
  record VersionBody(String name, String version, Digest rules) {}

  /** The rules. */
  record RulesBody(Digest digest, List<RuleDescription> rules) {}

  /** The runtimes. */
  record RuntimesBody(List<RuntimeBody> runtimes) {}

  /**
   * A runtime.
   *
   * @param versions that are known, for people
   * @param assumed the version whose behaviour a request without a version gets
   * @param judgedAs names under which every image is judged for it; none if it is not
   * @param kernel the lowest guest kernel of the assumed version
   * @param offers of the assumed version
   */
  record RuntimeBody(
      String id,
      String title,
      String versions,
      Optional<String> assumed,
      List<String> judgedAs,
      Optional<String> kernel,
      List<String> kernelCommandLine,
      List<Offer> offers,
      List<String> references) {
    static RuntimeBody of(RuntimeProfile profile, RulePack pack, List<String> judged) {
      Target target = pack.target(profile.id());
      return new RuntimeBody(
          profile.id(),
          profile.title(),
          profile.versions(),
          profile.assume(),
          judged.stream()
              .filter(n -> n.equals(profile.id()) || n.startsWith(profile.id() + ":"))
              .toList(),
          target.kernel(),
          profile.kernelCommandLine(),
          target.offers(),
          profile.references());
    }
  }

  /** The same bytes for everybody, by the same way as answers: what lookups are compared with. */
  @GetMapping("/v1/version")
  Reply version(HttpServletRequest request) {
    return version.reply(request);
  }

  @GetMapping("/v1/rules")
  Reply rules(HttpServletRequest request) {
    return rules.reply(request);
  }

  @GetMapping("/v1/runtimes")
  Reply runtimes(HttpServletRequest request) {
    return runtimes.reply(request);
  }
}
