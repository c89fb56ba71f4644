package dev.imgcompat.core.rootfs;

import dev.imgcompat.core.analyze.ElfFact;
import dev.imgcompat.core.analyze.ScriptFact;
import dev.imgcompat.core.elf.ElfFacts;
import dev.imgcompat.core.image.ImageConfig;
import dev.imgcompat.core.layer.PathNames;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Finds the programs that a build starts through, as the runtime and the shell would. */
final class StartResolver {
  /** As many scripts as Linux follows (fs/exec.c, exec_binprm). */
  private static final int MAX_SCRIPTS = 5;

  private final MergedRoot root;
  private final ImageConfig config;

  StartResolver(MergedRoot root, ImageConfig config) {
    this.root = root;
    this.config = config;
  }

  /**
   * A start program.
   *
   * @param command as named
   * @param file the ELF file at the end of the chain
   * @param path of that file, or of what was found in its place
   * @param script the first script on the way
   */
  record Resolved(
      String command, Optional<Node.File> file, Optional<String> path, Optional<String> script) {
    Optional<ElfFacts> elf() {
      return file.map(f -> f.fact(ElfFact.class)).map(ElfFact::elf);
    }

    StartProgram program(Optional<String> libc) {
      return new StartProgram(
          command,
          path,
          file.map(f -> f.layer()).orElse(-1),
          script,
          elf().flatMap(ElfFacts::interpreter),
          libc);
    }
  }

  /** The start command of the config, and the shells that are there. */
  List<Resolved> startPrograms() {
    List<Resolved> programs = new ArrayList<>();
    Set<String> commands = new LinkedHashSet<>();
    config.startCommand().stream().findFirst().ifPresent(commands::add);
    int configured = commands.size();
    commands.add("/bin/sh");
    commands.add("bash");
    for (String command : commands) {
      Resolved resolved = resolve(command);
      if (resolved.path().isPresent() || programs.size() < configured) {
        programs.add(resolved);
      }
    }
    return programs;
  }

  private Resolved resolve(String command) {
    Optional<String> script = Optional.empty();
    Optional<String> path = locate(command);
    for (int hops = 0; hops <= MAX_SCRIPTS && path.isPresent(); hops++) {
      if (!(root.follow(path.get(), true) instanceof MergedRoot.Found found
          && found.node() instanceof Node.File file)) {
        break;
      }
      ScriptFact fact = file.fact(ScriptFact.class);
      if (fact == null) {
        return new Resolved(command, Optional.of(file), Optional.of("/" + found.path()), script);
      }
      if (script.isEmpty()) {
        script = Optional.of("/" + found.path());
      }
      path = interpreter(fact.interpreter());
    }
    return new Resolved(command, Optional.empty(), path, script);
  }

  private Optional<String> interpreter(String line) {
    String[] words = line.split("\\s+", -1);
    if (words.length > 1 && (words[0].equals("/usr/bin/env") || words[0].equals("/bin/env"))) {
      for (int i = 1; i < words.length; i++) {
        if (!words[i].startsWith("-") && !words[i].contains("=")) {
          return locate(words[i]);
        }
      }
    }
    return words[0].isEmpty() ? Optional.empty() : locate(words[0]);
  }

  /** The absolute path of a command, if something that may be executed is there. */
  private Optional<String> locate(String command) {
    if (command.isEmpty()) {
      return Optional.empty();
    }
    if (command.indexOf('/') >= 0) {
      String path =
          command.startsWith("/") ? command : config.workingDir().orElse("/") + "/" + command;
      return exists(path);
    }
    for (String directory : config.path()) {
      Optional<String> path = exists(directory + "/" + command);
      if (path.isPresent()) {
        return path;
      }
    }
    return Optional.empty();
  }

  private Optional<String> exists(String path) {
    MergedRoot.Resolution resolution = root.follow(path, true);
    boolean executable =
        resolution instanceof MergedRoot.Plain
            || (resolution instanceof MergedRoot.Found found
                && found.node() instanceof Node.File file
                && file.isExecutable());
    return executable ? Optional.of("/" + PathNames.normalise(path)) : Optional.empty();
  }
}
