package dev.imgcompat.service.subject;

import dev.imgcompat.core.access.RegistryName;
import dev.imgcompat.core.image.ImageReference;
import dev.imgcompat.core.image.ImageReference.InRegistry;
import dev.imgcompat.core.image.Platform;
import dev.imgcompat.core.image.Printable;
import dev.imgcompat.core.image.ScanException;
import dev.imgcompat.core.image.Secrets;
import dev.imgcompat.core.rules.RulePack;
import dev.imgcompat.core.rules.Target;
import dev.imgcompat.service.settings.InvalidSettingException;
import dev.imgcompat.service.settings.Settings;
import dev.imgcompat.service.store.ReferenceKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Understands questions. Immutable. */
public final class Subjects {
  private static final int MAX_REFERENCE = 1024;
  private static final String TRANSPORT = "docker://";

  private final RulePack rules;
  private final List<Target> targets;
  private final Platform platform;
  private final Optional<String> defaultRegistry;

  /**
   * Makes one of settings.
   *
   * @throws InvalidSettingException if they name a runtime, a platform or a registry that is none
   */
  public Subjects(RulePack rules, Settings settings) {
    this.rules = rules;
    List<Target> judged = new ArrayList<>();
    for (String runtime : settings.judging().runtimes()) {
      try {
        judged.add(rules.target(runtime));
      } catch (IllegalArgumentException e) {
        throw new InvalidSettingException("judging.runtimes", message(e));
      }
    }
    this.targets = List.copyOf(judged);
    try {
      this.platform = Platform.parse(settings.judging().platform());
    } catch (IllegalArgumentException e) {
      throw new InvalidSettingException("judging.platform", message(e));
    }
    this.defaultRegistry =
        Optional.ofNullable(settings.router().defaultRegistry()).map(RegistryName::canonical);
    if (defaultRegistry.filter(r -> !RegistryName.isOne(r)).isPresent()) {
      throw new InvalidSettingException(
          "router.default-registry", "is not a registry: write HOST or HOST:PORT");
    }
  }

  /** The runtimes for which every image is judged; the first is that of questions without one. */
  public List<Target> targets() {
    return targets;
  }

  /** The platform of questions without one. */
  public Platform platform() {
    return platform;
  }

  /**
   * Whether a text is a reference to an image in a registry, whatever else is asked.
   *
   * @throws InvalidQuestionException if it is not
   */
  public InRegistry requireReference(String image) throws InvalidQuestionException {
    return reference(image);
  }

  /**
   * Understands a question.
   *
   * @throws InvalidQuestionException if the reference, the platform or the runtime is none
   */
  public Subject of(String image, Optional<String> platform, Optional<String> runtime)
      throws InvalidQuestionException {
    InRegistry reference = reference(image);
    Platform wanted = this.platform;
    if (platform.isPresent()) {
      try {
        wanted = Platform.parse(platform.get());
      } catch (IllegalArgumentException e) {
        throw new InvalidQuestionException(message(e));
      }
    }
    return new Subject(
        reference,
        new ReferenceKey(reference.canonical(), wanted.toString()),
        runtime.isPresent() ? target(runtime.get()) : targets.get(0));
  }

  private Target target(String runtime) throws InvalidQuestionException {
    for (Target target : targets) {
      if (target.name().equals(runtime)) {
        return target;
      }
    }
    try {
      return rules.target(runtime);
    } catch (IllegalArgumentException e) {
      throw new InvalidQuestionException(message(e));
    }
  }

  private InRegistry reference(String image) throws InvalidQuestionException {
    if (image.isBlank()) {
      throw new InvalidQuestionException("no image is named");
    }
    if (image.length() > MAX_REFERENCE) {
      throw new InvalidQuestionException(
          "a reference of " + image.length() + " characters is too long");
    }
    if (!Secrets.masked(image).equals(image)) {
      throw new InvalidQuestionException(
          "credentials do not belong in a reference, where others see them");
    }
    String name = bare(image);
    if (defaultRegistry.isPresent() && namesNoRegistry(name)) {
      name = defaultRegistry.get() + "/" + name;
    }
    try {
      // As docker reads it: in "oci:1" oci is an image.
      return (InRegistry) ImageReference.parse(TRANSPORT + name);
    } catch (ScanException.InvalidReference e) {
      throw new InvalidQuestionException(
          "'"
              + Printable.of(image)
              + "' is not an image reference: write [REGISTRY/]REPOSITORY[:TAG][@DIGEST], lower case"
              + " but for the tag, such as centos:6.8");
    }
  }

  private static String bare(String image) {
    return image.startsWith(TRANSPORT) ? image.substring(TRANSPORT.length()) : image;
  }

  /**
   * As docker tells it: the first part is a registry if it has a dot or a colon, or is localhost.
   */
  private static boolean namesNoRegistry(String name) {
    int slash = name.indexOf('/');
    if (slash < 0) {
      return true;
    }
    String first = name.substring(0, slash);
    return first.indexOf('.') < 0 && first.indexOf(':') < 0 && !first.equals("localhost");
  }

  private static String message(IllegalArgumentException e) {
    return Printable.of(String.valueOf(e.getMessage()));
  }
}
