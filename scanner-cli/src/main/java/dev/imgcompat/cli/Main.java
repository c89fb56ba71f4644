package dev.imgcompat.cli;

import dev.imgcompat.core.image.Printable;
import java.io.PrintWriter;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** The entry point. */
public final class Main {
  /** Flags of other programs, and misuse of ours, that bring a secret with them. */
  private static final Pattern WITH_SECRET =
      Pattern.compile(
          "--?(?:p|pass|password|creds|src-creds)(?:=.*)?|--password-stdin=.*", Pattern.DOTALL);

  private static final Pattern USER_OF_ADDRESS = Pattern.compile("(?<=://)[^/\\s]*(?=@)");

  private Main() {}

  /** Runs a command, and ends the process with its exit code. */
  public static void main(String[] args) {
    Streams streams = Streams.ofProcess();
    int code = run(streams, args);
    if (streams.out().checkError()) {
      print(streams.err(), "standard output could not be written whole");
      code = ExitCode.DEFECT;
    }
    streams.err().flush();
    System.exit(code);
  }

  /** Runs a command on some streams. */
  static int run(Streams streams, String... args) {
    // It would warn of quotes in values with the names of our fields.
    CommandLine.tracer().setLevel(CommandLine.TraceLevel.OFF);
    CommandLine line = new CommandLine(new ImgcompatCommand(streams));
    line.setOut(streams.out());
    line.setErr(streams.err());
    line.setCaseInsensitiveEnumValuesAllowed(true);
    line.setUsageHelpAutoWidth(true);
    line.setColorScheme(
        CommandLine.Help.defaultColorScheme(streams.coloured() ? Ansi.ON : Ansi.OFF));
    line.setParameterExceptionHandler(Main::usage);
    line.setExecutionExceptionHandler(
        (failure, command, parsed) -> {
          if (failure instanceof UsageException usage) {
            print(streams.err(), usage.getMessage());
            return ExitCode.USAGE;
          }
          boolean debug = parsed.originalArgs().contains("--debug");
          print(
              streams.err(),
              "a defect of this program: " + failure + (debug ? "" : " (--debug shows where)"));
          if (debug) {
            failure.printStackTrace(streams.err());
          }
          return ExitCode.DEFECT;
        });
    return line.execute(args);
  }

  private static int usage(ParameterException failure, String[] args) {
    CommandLine command = failure.getCommandLine();
    print(command.getErr(), message(failure, args));
    command.getErr().println("Try '" + command.getCommandSpec().qualifiedName() + " --help'.");
    return ExitCode.USAGE;
  }

  /** What picocli says, unless it would repeat a secret. */
  private static String message(ParameterException failure, String[] args) {
    if (Arrays.stream(args).anyMatch(arg -> WITH_SECRET.matcher(arg).matches())) {
      return "a password on the command line is seen by others: use --username NAME with"
          + " --password-stdin, or an auth file (docker login, podman login)";
    }
    if (failure instanceof UnmatchedArgumentException unmatched) {
      return unmatched(unmatched);
    }
    return USER_OF_ADDRESS.matcher(String.valueOf(failure.getMessage())).replaceAll("***");
  }

  /** Names the first; its value, and those that follow, may be secrets. */
  private static String unmatched(UnmatchedArgumentException failure) {
    String first = failure.getUnmatched().get(0);
    if (!failure.isUnknownOption()) {
      // Names of our own commands.
      List<String> suggestions = failure.getSuggestions();
      return "Unmatched argument: '"
          + USER_OF_ADDRESS.matcher(first).replaceAll("***")
          + "'"
          + (suggestions.isEmpty() ? "" : "; did you mean " + suggestions.get(0) + "?");
    }
    String name =
        first.startsWith("--") ? first.replaceFirst("(?s)=.*", "") : first.substring(0, 2);
    return "Unknown option: '" + name + "'";
  }

  private static void print(PrintWriter err, String message) {
    message.lines().forEach(line -> err.println("imgcompat: " + Printable.of(line)));
  }
}
