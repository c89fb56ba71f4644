package dev.imgcompat.service;

import dev.imgcompat.service.access.NewToken;
import dev.imgcompat.service.access.Role;
import dev.imgcompat.service.access.TokenFile;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code imgcompat serve token}: makes a token, and the line of the token file that knows it. */
@Command(
    name = "token",
    description = {
      "Makes a token: prints it on standard error, once, and on standard output the line for the file"
          + " of access.tokens, from which nobody can tell it.",
      "Example: serve token queue-worker reader >> tokens"
    },
    mixinStandardHelpOptions = true)
final class TokenCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(index = "0", paramLabel = "NAME", description = "Who will show it.")
  private String name;

  @Parameters(index = "1", paramLabel = "ROLE", description = "reader or operator.")
  private String role;

  @Override
  public Integer call() {
    Role parsed;
    try {
      parsed = Role.valueOf(role.toUpperCase(Locale.ROOT));
    } catch (IllegalArgumentException e) {
      throw new CommandLine.ParameterException(
          spec.commandLine(), "'" + role + "' is neither reader nor operator");
    }
    NewToken made;
    try {
      made = TokenFile.create(name, parsed);
    } catch (IllegalArgumentException e) {
      throw new CommandLine.ParameterException(spec.commandLine(), e.getMessage());
    }
    spec.commandLine().getErr().println(made.token());
    spec.commandLine().getErr().flush();
    spec.commandLine().getOut().println(made.line());
    spec.commandLine().getOut().flush();
    return 0;
  }
}
