package dev.imgcompat.service.scan;

import dev.imgcompat.core.Scanner;
import dev.imgcompat.core.ScannerBuilder;
import dev.imgcompat.core.access.AuthFiles;
import dev.imgcompat.core.access.CertificateDirectories;
import dev.imgcompat.core.access.CredentialSource;
import dev.imgcompat.core.config.Configuration;
import dev.imgcompat.core.facts.FactStore;
import dev.imgcompat.core.rules.RulePack;
import dev.imgcompat.service.reach.AllowList;
import dev.imgcompat.service.settings.ProcessEnvironment;
import dev.imgcompat.service.settings.Settings;
import java.nio.file.Path;

/** Makes scanners that judge alike, keep facts in one place, and ask only whom they may. */
public final class Scanners {
  private final Settings settings;
  private final ProcessEnvironment environment;
  private final Configuration configuration;
  private final RulePack rules;
  private final FactStore facts;
  private final AllowList allowed;

  Scanners(
      Settings settings,
      ProcessEnvironment environment,
      Configuration configuration,
      RulePack rules,
      FactStore facts,
      AllowList allowed) {
    this.settings = settings;
    this.environment = environment;
    this.configuration = configuration;
    this.rules = rules;
    this.facts = facts;
    this.allowed = allowed;
  }

  /** Returns a builder of one that asks registries. */
  public ScannerBuilder online() {
    return judge()
        .configuration(configuration)
        .certificates(CertificateDirectories.ofUser(environment.home()))
        .credentials(credentials())
        .reach(allowed);
  }

  /** Returns a builder of one that is told nothing about registries yet. */
  public ScannerBuilder judge() {
    return Scanner.builder().rules(rules).policy(settings.judging().policy()).store(facts);
  }

  /** Those of a file that is named, or none: not those of whoever started the service. */
  private CredentialSource credentials() {
    Path file = settings.registries().authfile();
    if (file != null) {
      return AuthFiles.named(file, "imgcompat.registries.authfile", environment.variables());
    }
    return configuration
        .authfile()
        .<CredentialSource>map(
            f -> AuthFiles.named(f.value(), f.origin().toString(), environment.variables()))
        .orElse(CredentialSource.ANONYMOUS);
  }
}
