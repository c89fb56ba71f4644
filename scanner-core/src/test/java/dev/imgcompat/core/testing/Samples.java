package dev.imgcompat.core.testing;

import dev.imgcompat.core.testing.LayoutBuilder.ImageSpec;

/** The images of the project's samples: one for each kind of answer. */
public final class Samples {
  private Samples() {}

  /** Returns the layout. */
  public static LayoutBuilder layout() {
    LayoutBuilder layout = new LayoutBuilder();
    layout.image("old-glibc", new ImageSpec().command("/bin/bash").layer(oldGlibc()));
    layout.image("32-bit", new ImageSpec().layer(debian12()).layer(buildTools()));
    layout.image("clean", new ImageSpec().layer(debian12()));
    return layout;
  }

  /** A base in the manner of CentOS 6. */
  public static LayerBuilder oldGlibc() {
    return new LayerBuilder()
        .program("bin/bash", ElfBuilder.glibcProgram().imports("gettimeofday", "time"))
        .link("bin/sh", "bash")
        .program("lib64/ld-2.12.so", ElfBuilder.x86_64().sharedObject("ld-linux-x86-64.so.2"))
        .link("lib64/ld-linux-x86-64.so.2", "ld-2.12.so")
        .program("lib64/libc-2.12.so", ElfBuilder.glibc("2.12"))
        .link("lib64/libc.so.6", "libc-2.12.so")
        .text("etc/centos-release", "CentOS release 6.10 (Final)\n")
        .link("etc/redhat-release", "centos-release")
        .program("bin/rpm", ElfBuilder.glibcProgram().needed("librpm.so.1").text("rpmpopt-4.8.0"));
  }

  /** A base in the manner of Debian 12. */
  public static LayerBuilder debian12() {
    return new LayerBuilder()
        .link("bin", "usr/bin")
        .link("lib64", "usr/lib64")
        .program("usr/bin/dash", ElfBuilder.glibcProgram().pie())
        .link("usr/bin/sh", "dash")
        .program("usr/bin/bash", ElfBuilder.glibcProgram().pie())
        .program(
            "usr/lib64/ld-linux-x86-64.so.2",
            ElfBuilder.x86_64().sharedObject("ld-linux-x86-64.so.2"))
        .program("usr/lib64/libc.so.6", ElfBuilder.glibc("2.36"))
        .text("usr/lib/os-release", "ID=debian\nVERSION_ID=\"12\"\nNAME=\"Debian GNU/Linux\"\n")
        .link("etc/os-release", "../usr/lib/os-release");
  }

  /** An SDK with a 32-bit program. */
  public static LayerBuilder buildTools() {
    return new LayerBuilder()
        .program("opt/sdk/aapt", ElfBuilder.i386().interpreter("/lib/ld-linux.so.2"));
  }
}
