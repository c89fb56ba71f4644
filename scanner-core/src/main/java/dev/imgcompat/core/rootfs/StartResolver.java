package dev.imgcompat.core.rootfs;

import dev.imgcompat.core.analyze.ElfFact;
import dev.imgcompat.core.analyze.ScriptFact;
import dev.imgcompat.core.elf.ElfFacts;
import dev.imgcompat.core.image.ImageConfig;
import dev.imgcompat.core.rootfs.LibrarySearch.At;
import dev.imgcompat.core.rootfs.StartProblem.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Finds the programs that a build starts through, as the runtime and the kernel would: PATH and
 * working directory of the config, links, scripts (fs/binfmt_script.c), {@code env}, the ELF
 * interpreter.
 */
final class StartResolver {
  /** As many scripts as Linux follows (fs/exec.c, exec_binprm). */
  private static final int MAX_SCRIPTS = 5;

  private static final int MAX_SHOWN = 500;

  private final MergedRoot root;
  private final ImageConfig config;
  private final LibrarySearch libraries;

  StartResolver(MergedRoot root, ImageConfig config, LibrarySearch libraries) {
    this.root = root;
    this.config = config;
    this.libraries = libraries;
  }

  /**
   * A start program.
   *
   * @param files the ELF files on the way, such as {@code env}, and the one at its end
   * @param program what is reported of it
   */
  record Resolved(List<At> files, StartProgram program) {
    /** The ELF file at the end of the chain. */
    Optional<At> file() {
      return program.resolved().isEmpty() || files.isEmpty()
          ? Optional.empty()
          : Optional.of(files.get(files.size() - 1));
    }
  }

  /** The start command of the config, and the shells that are there. */
  List<Resolved> startPrograms() {
    List<Resolved> programs = new ArrayList<>();
    List<String> start = config.startCommand();
    Optional<String> configured = start.stream().findFirst();
    configured.ifPresent(
        command ->
            programs.add(
                new Chain(command, true, "the config starts " + shown(String.join(" ", start)))
                    .resolve()));
    for (String shell : List.of("/bin/sh", "bash")) {
      if (configured.filter(shell::equals).isEmpty()) {
        Resolved resolved =
            new Chain(shell, false, "builds are started through " + shell).resolve();
        // An image without a shell is in order; one whose shell leads nowhere is not.
        if (resolved.program().resolved().isPresent() || (isThere(shell) && !isPlain(shell))) {
          programs.add(resolved);
        }
      }
    }
    return programs;
  }

  /** A text of an image, shortened where it would fill the screen. */
  private static String shown(String text) {
    return text.length() <= MAX_SHOWN ? text : text.substring(0, MAX_SHOWN) + "…";
  }

  private boolean isThere(String path) {
    return path.startsWith("/") && root.follow(path, false) instanceof MergedRoot.Found;
  }

  private boolean isPlain(String path) {
    return root.follow(path, true) instanceof MergedRoot.Plain;
  }

  /** The way from one command to the file at its end. */
  private final class Chain {
    private final String command;
    private final boolean configured;
    private final List<String> steps = new ArrayList<>();
    private final List<At> files = new ArrayList<>();
    private Optional<String> script = Optional.empty();
    private Optional<String> end = Optional.empty();
    private @Nullable StartProblem problem;

    Chain(String command, boolean configured, String why) {
      this.command = command;
      this.configured = configured;
      steps.add(why);
    }

    Resolved resolve() {
      run(command, Optional.empty(), 0);
      Optional<At> file =
          end.isPresent() && !files.isEmpty()
              ? Optional.of(files.get(files.size() - 1))
              : Optional.empty();
      Optional<ElfFacts> elf = file.flatMap(At::elf);
      Optional<LibrarySearch.Found> libc = file.flatMap(libraries::libc);
      elf.flatMap(ElfFacts::interpreter).ifPresent(i -> loader(file.get(), i));
      libc.filter(f -> problem == null && !f.library().path().equals(end.orElse("")))
          .ifPresent(
              f ->
                  steps.add(
                      "the loader finds "
                          + f.name()
                          + " by "
                          + f.how()
                          + ": "
                          + f.library().path()));
      if (file.isPresent() && elf.isPresent() && elf.get().isStatic()) {
        steps.add(file.get().path() + " is statically linked: it loads no C library");
      }
      return new Resolved(
          List.copyOf(files),
          new StartProgram(
              shown(command),
              configured,
              end,
              file.map(f -> f.file().layer()).orElse(-1),
              script,
              elf.flatMap(ElfFacts::interpreter),
              libc.map(f -> f.library().path()),
              elf.flatMap(ElfFacts::clocks),
              steps,
              Optional.ofNullable(problem)));
    }

    private void loader(At file, String interpreter) {
      MergedRoot.Resolution found = root.follow(absolute(interpreter), true);
      if (found instanceof MergedRoot.Found at
          && at.node() instanceof Node.File loader
          && loader.fact(ElfFact.class) != null) {
        String target = "/" + at.path();
        steps.add(
            file.path()
                + " asks for the loader "
                + interpreter
                + (target.equals(interpreter) ? "" : ", which is " + target));
        if (!loader.isExecutable()) {
          problem(
              Kind.NO_INTERPRETER,
              file.path(),
              "the loader of " + file.path() + ", " + interpreter + ", is not executable");
        }
        return;
      }
      problem(
          Kind.NO_INTERPRETER,
          file.path(),
          file.path()
              + " asks for the loader "
              + interpreter
              + ", which is not "
              + (found instanceof MergedRoot.Plain ? "a program" : "there")
              + ": \"no such file or directory\"");
    }

    private void problem(Kind kind, String path, String text) {
      if (problem == null) {
        problem = new StartProblem(kind, shown(path), shown(text));
        steps.add(shown(text));
      }
    }

    /**
     * Runs a command, or the interpreter of a script.
     *
     * @param asking the script that asks for it
     */
    private void run(String name, Optional<String> asking, int scripts) {
      if (name.isEmpty()) {
        problem(Kind.NOT_FOUND, "/", "the command is empty");
        return;
      }
      Optional<String> path = locate(name, asking);
      if (path.isEmpty()) {
        return;
      }
      MergedRoot.Resolution resolution = root.follow(path.get(), true);
      if (resolution instanceof MergedRoot.Plain plain) {
        String target = "/" + plain.path();
        leads(path.get(), target);
        problem(
            Kind.NOT_EXECUTABLE,
            target,
            target
                + " is neither an ELF file nor an executable script: \"exec format error\" or"
                + " \"permission denied\"");
        return;
      }
      MergedRoot.Found found = (MergedRoot.Found) resolution;
      String target = "/" + found.path();
      leads(path.get(), target);
      if (!(found.node() instanceof Node.File file)) {
        problem(Kind.NOT_EXECUTABLE, target, target + " is a directory: \"permission denied\"");
        return;
      }
      ScriptFact fact = file.fact(ScriptFact.class);
      if (!file.isExecutable()) {
        problem(
            Kind.NOT_EXECUTABLE,
            target,
            target + " has no execute permission: \"permission denied\"");
        if (file.fact(ElfFact.class) != null) {
          end(target, file);
        }
      } else if (fact != null) {
        script(target, fact.interpreter(), scripts);
      } else if (file.fact(ElfFact.class) != null) {
        end(target, file);
      } else {
        problem(
            Kind.NOT_EXECUTABLE,
            target,
            target + " is neither an ELF file nor a script: \"exec format error\"");
      }
    }

    private void end(String path, Node.File file) {
      files.add(new At(path, file));
      end = Optional.of(path);
    }

    private void leads(String from, String to) {
      if (!from.equals(to)) {
        steps.add(from + " leads to " + to);
      }
    }

    /** The kernel takes the first word as the interpreter, and the rest as one argument. */
    private void script(String path, String line, int scripts) {
      steps.add(path + " is a script for " + line);
      if (script.isEmpty()) {
        script = Optional.of(path);
      }
      if (scripts >= MAX_SCRIPTS) {
        problem(
            Kind.NO_INTERPRETER,
            path,
            path + " is the " + (scripts + 1) + "th script in a row: \"too many levels\"");
        return;
      }
      String[] words = line.split("[ \\t]+", 2);
      String argument = words.length > 1 ? words[1].strip() : "";
      if (words[0].isEmpty()) {
        problem(Kind.NOT_EXECUTABLE, path, path + " names no interpreter: \"exec format error\"");
        return;
      }
      // The kernel knows no PATH: a name without a slash is one in the working directory.
      String interpreter = words[0].indexOf('/') < 0 ? "./" + words[0] : words[0];
      run(interpreter, Optional.of(path), scripts + 1);
      boolean env = words[0].endsWith("/env") && end.isPresent() && problem == null;
      Optional<String> named = env ? envCommand(argument) : Optional.empty();
      if (named.isPresent()) {
        end = Optional.empty();
        run(named.get(), Optional.of(path), scripts + 1);
      }
    }

    /**
     * What {@code env} would run. Without {@code -S} the argument is one word, blanks and all; it
     * may be an option, which leaves nothing to run.
     */
    private Optional<String> envCommand(String argument) {
      boolean splits = argument.startsWith("-S") || argument.startsWith("--split-string");
      if (!splits) {
        return argument.isEmpty() || argument.startsWith("-") || argument.contains("=")
            ? Optional.empty()
            : Optional.of(argument);
      }
      String rest =
          argument.startsWith("-S")
              ? argument.substring(2)
              : argument.substring("--split-string".length()).replaceFirst("^=", "");
      boolean value = false;
      for (String word : rest.strip().split("\\s+", -1)) {
        if (value) {
          value = false;
        } else if (word.equals("-u") || word.equals("-C")) {
          value = true;
        } else if (!word.isEmpty() && !word.startsWith("-") && !word.contains("=")) {
          return Optional.of(word);
        }
      }
      return Optional.empty();
    }

    /** The absolute path of a command; a problem where nothing is there. */
    private Optional<String> locate(String name, Optional<String> asking) {
      String by = asking.map(script -> ", which " + script + " asks for,").orElse("");
      Kind missing = asking.isPresent() ? Kind.NO_INTERPRETER : Kind.NOT_FOUND;
      if (name.indexOf('/') >= 0) {
        String path = absolute(name);
        MergedRoot.Resolution resolution = root.follow(path, true);
        if (resolution instanceof MergedRoot.Found || resolution instanceof MergedRoot.Plain) {
          return Optional.of(tidy(path));
        }
        String why =
            resolution instanceof MergedRoot.Impossible impossible
                ? " cannot be reached: " + impossible.reason()
                : linksNowhere(path, resolution);
        problem(missing, asking.orElse(name), name + by + why);
        return Optional.empty();
      }
      Optional<String> refused = Optional.empty();
      for (String directory : config.path()) {
        String path = directory + "/" + name;
        MergedRoot.Resolution resolution = root.follow(path, true);
        boolean file =
            resolution instanceof MergedRoot.Plain
                || (resolution instanceof MergedRoot.Found found
                    && found.node() instanceof Node.File candidate
                    && candidate.isExecutable());
        if (file) {
          steps.add(name + " is found on the PATH: " + tidy(path));
          return Optional.of(tidy(path));
        }
        if (refused.isEmpty()
            && resolution instanceof MergedRoot.Found found
            && found.node() instanceof Node.File) {
          refused = Optional.of(path);
        }
      }
      if (refused.isPresent()) {
        problem(
            Kind.NOT_EXECUTABLE,
            refused.get(),
            refused.get() + " has no execute permission: \"permission denied\"");
      } else {
        problem(
            missing,
            asking.orElse(name),
            name + by + " is not on the PATH " + String.join(":", config.path()));
      }
      return Optional.empty();
    }

    /** The same path without double slashes; {@code ..} stays, since links may lie before it. */
    private static String tidy(String path) {
      return path.replaceAll("/(?:\\./)*/*", "/");
    }

    private String linksNowhere(String path, MergedRoot.Resolution resolution) {
      boolean link =
          root.follow(path, false) instanceof MergedRoot.Found at && at.node() instanceof Node.Link;
      return link && resolution instanceof MergedRoot.Missing missing
          ? " leads to /" + String.join("/", missing.path()) + ", which is not there"
          : " is not there: \"no such file or directory\"";
    }

    private String absolute(String path) {
      return path.startsWith("/") ? path : config.workingDir().orElse("/") + "/" + path;
    }
  }
}
