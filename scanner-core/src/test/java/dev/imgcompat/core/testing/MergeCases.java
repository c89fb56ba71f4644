package dev.imgcompat.core.testing;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Images of several layers, one for each thing that an upper layer can do to a lower one. */
public final class MergeCases {
  private final List<MergeCase> cases = new ArrayList<>();

  private MergeCases() {}

  /**
   * One image.
   *
   * @param name what it shows
   * @param layers bottom first
   */
  public record MergeCase(String name, List<LayerBuilder> layers) {
    @Override
    public String toString() {
      return name;
    }
  }

  /** All of them; their layers are built anew each time. */
  public static List<MergeCase> all() {
    MergeCases all = new MergeCases();
    all.replacements();
    all.whiteouts();
    all.opaqueDirectories();
    all.linkedDirectories();
    all.hardLinks();
    all.layersAsAWhole();
    all.names();
    all.libraries();
    return all.cases;
  }

  private void replacements() {
    add("a program becomes a script", with("bin/x"), layer().text("bin/x", "#!/bin/sh\n"));
    add("a program becomes an ordinary file", with("bin/x", "bin/y"), layer().text("bin/x", "x"));
    add("a program becomes an empty file", with("bin/x"), layer().text("bin/x", ""));
    add("a program becomes another", with("bin/x"), layer().program("bin/x", MarkedElf.of(9)));
    add("a program becomes a link", with("bin/x", "bin/y"), layer().link("bin/x", "y"));
    add(
        "a program becomes a directory",
        with("opt"),
        layer().directory("opt").program("opt/x", MarkedElf.of(9)));
    add("an ordinary file becomes a program", layer().text("x", "x"), with("x"));
    add("a directory becomes a file", with("opt/sdk/x", "y"), layer().text("opt", "x"));
    add("a directory becomes a program", with("opt/sdk/x", "y"), layer().program("opt", elf(9)));
    add("a directory becomes a link", with("opt/x", "srv/y"), layer().link("opt", "srv"));
    add("a link becomes a file", with("b/x").link("a", "b"), layer().text("a", "x"));
    add(
        "a directory of the same layer becomes a file",
        layer().text("a", "x").program("b/a", elf(1)).text("b", "x"));
    add(
        "a file is written twice in one layer",
        layer().program("a", elf(1)).text("a", "x").text("b", "x").program("b", elf(2)));
  }

  private void whiteouts() {
    add("a whiteout in the base layer", with("x").whiteout("x").whiteout("y").opaque("opt"));
    add("a whiteout of a file", with("bin/x", "bin/y"), layer().whiteout("bin/x"));
    add("a whiteout of a directory", with("opt/a/b/x", "y"), layer().whiteout("opt"));
    add("a whiteout of a link", with("b/x").link("a", "b"), layer().whiteout("a"));
    add("a whiteout of nothing", with("x"), layer().whiteout("no").whiteout("no/where"));
    add("a whiteout below a file", with("x"), layer().whiteout("x/y"));
    add("a whiteout, then the file", with("x"), layer().whiteout("x").program("x", elf(9)));
    add("the file, then its whiteout", with("x"), layer().program("x", elf(9)).whiteout("x"));
    add(
        "a whiteout, then the directory",
        with("opt/x", "opt/d/y"),
        layer().whiteout("opt").directory("opt").program("opt/d/z", elf(9)));
    add(
        "the directory, then its whiteout",
        with("opt/x", "opt/d/y"),
        layer().directory("opt").program("opt/d/z", elf(9)).whiteout("opt"));
    add(
        "an empty directory and its whiteout",
        with("opt/x"),
        layer().directory("opt").whiteout("opt"));
    add(
        "a whiteout, and the file again in the next layer",
        with("x"),
        layer().whiteout("x"),
        layer().program("x", elf(9)));
    add(
        "a whiteout of a link that the layer has gone through",
        with("e/y").link("d", "e"),
        layer().text("d/a", "x").whiteout("d").text("d/y", "x"));
  }

  private void opaqueDirectories() {
    add("an opaque directory", with("opt/x", "opt/d/y", "z"), layer().opaque("opt"));
    add(
        "an opaque directory after an entry of its layer",
        with("opt/x", "opt/d/y"),
        layer().program("opt/d/new", elf(9)).opaque("opt"));
    add(
        "an opaque directory before an entry of its layer",
        with("opt/x", "opt/d/y"),
        layer().opaque("opt").program("opt/d/new", elf(9)));
    add(
        "an opaque directory between entries of its layer",
        with("opt/x", "opt/d/y"),
        layer().text("opt/x", "x").opaque("opt").program("opt/d/y", elf(9)));
    add(
        "an opaque directory through a link",
        with("usr/lib/x", "usr/lib/d/y").link("lib", "usr/lib"),
        layer().program("lib/before", elf(8)).opaque("lib").program("lib/d/after", elf(9)));
    add("an opaque root", with("x", "opt/y"), layer().program("opt/z", elf(9)).opaque("."));
  }

  private void linkedDirectories() {
    for (String target : List.of("usr/lib64", "/usr/lib64", "../../usr/lib64", "/../usr/lib64")) {
      add(
          "lib64 leads to " + target,
          with("usr/lib64/x", "usr/lib64/y").link("lib64", target),
          layer().program("lib64/new", elf(8)).text("lib64/x", "x").whiteout("lib64/y"));
    }
    add(
        "a directory entry replaces a link",
        with("usr/lib/x").link("lib", "usr/lib"),
        layer().directory("lib").program("lib/y", elf(9)));
    add(
        "a directory entry, and its link again",
        with("usr/lib/x").link("lib", "usr/lib"),
        layer().directory("lib").program("lib/y", elf(9)),
        layer().link("lib", "usr/lib").program("lib/z", elf(8)));
    add(
        "two links to one directory",
        with("usr/lib/x", "usr/lib/y").link("lib", "usr/lib").link("lib64", "/lib"),
        layer().text("lib/x", "x").program("lib64/y", elf(9)).program("lib64/x", elf(8)));
    add(
        "links through several layers",
        with("d/x").link("c", "d"),
        layer().link("b", "/c"),
        layer().link("a", "../b"),
        layer().text("a/x", "x").program("a/y", elf(9)),
        layer().text("c", "x"),
        layer().whiteout("c").link("c", "e").program("a/z", elf(8)));
    add(
        "a link to what an upper layer removes",
        with("d/x").link("l", "d"),
        layer().whiteout("d"),
        layer().program("l/y", elf(9)));
    add("a link to nothing is written through", layer().link("l", "no/where"), with("l/x"));
    add(
        "links climb out of what is not there",
        with("d/x").link("a", "d").link("l", "no/../a").link("m", "d/x/../../a"),
        layer().text("l/x", "x").program("m/y", elf(9)));
    LayerBuilder chain = with("d/x");
    for (int i = 0; i < 60; i++) {
      chain.link("l" + i, i == 0 ? "d" : "l" + (i - 1));
    }
    add("more links than the kernel follows", chain, layer().text("l59/x", "x"));
  }

  private void hardLinks() {
    add(
        "a hard link outlives its target",
        with("x").hardLink("y", "x").hardLink("d/z", "y"),
        layer().whiteout("x"));
    add("a hard link into a lower layer", with("x"), layer().hardLink("y", "x"));
    add(
        "a hard link into a lower layer outlives its target",
        with("x"),
        layer().hardLink("y", "/x"),
        layer().whiteout("x").text("z", "x"));
    add(
        "a hard link to a symbolic link",
        with("x").link("l", "x").link("n", "nowhere").hardLink("m", "l").hardLink("o", "n"));
    add(
        "a hard link through linked directories",
        with("usr/lib/x").link("lib", "usr/lib"),
        layer().hardLink("lib/y", "lib/x").hardLink("z", "./lib/../lib/y"));
    add(
        "one of several hard links is replaced",
        with("x").hardLink("y", "x").hardLink("z", "x"),
        layer().program("y", elf(9)),
        layer().text("x", "x"));
    add(
        "a program becomes a hard link to a file",
        with("x"),
        layer().text("f", "f").hardLink("x", "f"));
    add(
        "a file becomes a hard link to a program",
        with("x").text("f", "f"),
        layer().hardLink("f", "x"));
    add(
        "the target is replaced after the hard link",
        with("x"),
        layer().hardLink("y", "x").program("x", elf(9)).hardLink("z", "x"));
    add(
        "a hard link and an opaque directory in one layer",
        with("opt/x"),
        layer().hardLink("opt/y", "opt/x").opaque("opt"));
  }

  private void layersAsAWhole() {
    add(
        "the same layer twice",
        with("x", "d/y"),
        layer().whiteout("d").text("x", "x"),
        with("x", "d/y"));
    add("an empty layer", layer(), with("x"), layer(), layer().whiteout("y"), layer());
    LayerBuilder[] many = new LayerBuilder[130];
    for (int i = 0; i < many.length; i++) {
      many[i] = layer().program("opt/" + i, elf(i)).program("opt/d" + i % 7 + "/x", elf(1000 + i));
      if (i % 3 == 0) {
        many[i].whiteout("opt/" + (i - 1)).hardLink("opt/h" + i, "opt/" + i);
      } else if (i % 10 == 1) {
        many[i].opaque("opt/d" + (i + 1) % 7).link("opt/l", "d" + i % 7);
      }
    }
    add("many layers", many);
  }

  private void names() {
    add("names that differ in case", with("bin/x", "bin/X", "Bin/x"), layer().whiteout("bin/X"));
    add(
        "names with spaces, newlines and more",
        with("a b/ x", "a b/x\ny", "a b/ü", "a b/\\x41", "a b/-", "a b/.x", "a b/..x"),
        layer().whiteout("a b/x\ny").text("a b/ü", "x"));
    add(
        "names that are not UTF-8",
        new LayerBuilder(StandardCharsets.ISO_8859_1)
            .program("b/\u00fc", elf(1))
            .program("b/\u00e4", elf(2))
            .program("\u00f6/x", elf(3)),
        new LayerBuilder(StandardCharsets.ISO_8859_1).whiteout("b/\u00fc").text("\u00f6/x", "x"),
        with("b/\u00fc"));
    add(
        "entries that begin with a dot and a slash",
        with("./x", "./d/y", "/d/z", "d//w", "d/./v", "d/e/../u").directory("."),
        layer().whiteout("./d/y").text("./x", "x").hardLink("./h", "./d/z"));
    add("entries without parents", with("a/b/c/x"), with("a/b/d/e/y"), layer().whiteout("a/b/c"));
  }

  private void libraries() {
    LayerBuilder base =
        layer()
            .program("usr/bin/dash", elf(1))
            .link("bin", "usr/bin")
            .link("usr/bin/sh", "dash")
            .program("usr/lib64/ld-2.4.so", elf(4))
            .link("usr/lib64/ld-linux-x86-64.so.2", "ld-2.4.so")
            .program("usr/lib64/libc-2.5.so", elf(5))
            .program("usr/lib64/libc-2.7.so", elf(7))
            .link("usr/lib64/libc.so.6", "libc-2.5.so")
            .link("lib64", "usr/lib64");
    add("a C library", base);
    add("a C library through a link", base, layer().program("lib64/libc-2.5.so", elf(8)));
    add("a C library by another link", base, layer().link("lib64/libc.so.6", "libc-2.7.so"));
    add(
        "a C library as a hard link",
        base,
        layer().hardLink("lib64/libc.so.6", "lib64/libc-2.7.so"));
    add("a C library that is removed", base, layer().whiteout("lib64/libc.so.6"));
    add(
        "a C library where the link was",
        base,
        layer().directory("lib64").program("lib64/libc.so.6", elf(8)));
    add(
        "a C library in an opaque directory",
        base,
        layer().program("usr/lib64/libc.so.6", elf(8)).opaque("lib64"));
  }

  private void add(String name, LayerBuilder... layers) {
    cases.add(new MergeCase(name, List.of(layers)));
  }

  private static LayerBuilder layer() {
    return new LayerBuilder();
  }

  private static ElfBuilder elf(int number) {
    return MarkedElf.of(number);
  }

  /** A layer of programs that can be told apart. */
  private static LayerBuilder with(String... paths) {
    LayerBuilder layer = layer();
    for (int i = 0; i < paths.length; i++) {
      layer.program(paths[i], elf(100 + i));
    }
    return layer;
  }
}
