package dev.imgcompat.core.sweep.source;

import dev.imgcompat.core.image.ImageReference.InRegistry;
import dev.imgcompat.core.image.Printable;
import dev.imgcompat.core.image.ScanException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * References that were written down: one a line of a text, and those that are named besides. They
 * come in the order in which they are written, those of one repository perhaps with others between
 * them, and as often as they are written.
 */
final class ReferencesSource implements ReferenceSource {
  private final Optional<Text> text;
  private final List<String> named;

  private ReferencesSource(Optional<Text> text, List<String> named) {
    this.text = text;
    this.named = List.copyOf(named);
  }

  /** A text that can be opened again and again. */
  private interface Text extends AutoCloseable {
    String name();

    InputStream open() throws IOException;

    @Override
    void close();
  }

  /**
   * Makes one.
   *
   * @param file with one a line, {@code -} for standard input
   * @param named besides
   */
  static ReferencesSource of(Optional<Path> file, List<String> named, InputStream standardInput)
      throws ScanException {
    if (file.isEmpty() && named.isEmpty()) {
      throw new ScanException.InvalidReference(
          "no references are named: name some, or a file of them");
    }
    if (file.isEmpty()) {
      return new ReferencesSource(Optional.empty(), named);
    }
    if (file.get().toString().equals("-")) {
      return new ReferencesSource(Optional.of(new Once("standard input", standardInput)), named);
    }
    Path path = file.get();
    String name = Printable.of(path.toString());
    if (!Files.exists(path)) {
      throw new ScanException.NotFound("there is no file " + name);
    }
    if (Files.isDirectory(path) || !Files.isReadable(path)) {
      String problem =
          Files.isDirectory(path) ? "it is a directory" : "there is no right to read it";
      throw new ScanException.Unreadable(
          name + " cannot be read as a list of references: " + problem, new IOException(problem));
    }
    // Pipes come once, too.
    return new ReferencesSource(
        Optional.of(Files.isRegularFile(path) ? new OfFile(name, path) : new Once(name, path)),
        named);
  }

  @Override
  public String name() {
    String others = named.size() + (named.size() == 1 ? " reference" : " references");
    return text.map(
            t -> "the references in " + t.name() + (named.isEmpty() ? "" : " and " + others))
        .orElse(others);
  }

  @Override
  public void list(Listing listing) throws ScanException, InterruptedException {
    if (text.isPresent()) {
      try (InputStream in = text.get().open()) {
        list(new BoundedLines(in), text.get().name(), listing);
      } catch (IOException e) {
        throw new ScanException.Unreadable(
            "the references in "
                + text.get().name()
                + " could not be read to their end: "
                + ScanException.reason(e),
            e);
      }
    }
    for (int i = 0; i < named.size(); i++) {
      requireNotInterrupted();
      pass(named.get(i), "reference " + (i + 1) + " of those that are named", listing);
    }
  }

  private static void list(BoundedLines lines, String name, Listing listing)
      throws IOException, InterruptedException {
    for (Optional<BoundedLines.Line> next = lines.next(); next.isPresent(); next = lines.next()) {
      requireNotInterrupted();
      BoundedLines.Line line = next.get();
      String where = "line " + line.number() + " of " + name;
      if (line.text().isEmpty()) {
        listing.unlisted(
            where,
            new ScanException.InvalidReference("no reference is written here: " + line.problem()));
      } else if (!line.text().get().isEmpty() && !line.text().get().startsWith("#")) {
        pass(line.text().get(), where, listing);
      }
    }
  }

  private static void pass(String written, String where, Listing listing)
      throws InterruptedException {
    InRegistry reference;
    try {
      reference = WrittenReference.parse(written);
    } catch (ScanException e) {
      listing.unlisted(where, e);
      return;
    }
    if (listing.wants(reference.registry(), reference.repository())) {
      listing.found(new ListedReference(reference, reference.digest(), Optional.empty()));
    }
  }

  private static void requireNotInterrupted() throws InterruptedException {
    if (Thread.interrupted()) {
      throw new InterruptedException();
    }
  }

  @Override
  public boolean isWritten() {
    return true;
  }

  @Override
  public void close() {
    text.ifPresent(Text::close);
  }

  private record OfFile(String name, Path path) implements Text {
    @Override
    public InputStream open() throws IOException {
      return Files.newInputStream(path);
    }

    @Override
    public void close() {
      // Each stream is closed where it is read.
    }
  }

  private static final class Once implements Text {
    private final String name;
    private final @Nullable Path path;
    private @Nullable InputStream opened;
    private @Nullable RememberedInput input;

    Once(String name, Path path) {
      this.name = name;
      this.path = path;
    }

    /** The stream remains its owner's. */
    Once(String name, InputStream standardInput) {
      this.name = name;
      this.path = null;
      this.input = new RememberedInput(standardInput);
    }

    @Override
    public String name() {
      return name;
    }

    @Override
    public InputStream open() throws IOException {
      RememberedInput remembered = input;
      if (remembered == null && path != null) {
        opened = Files.newInputStream(path);
        remembered = new RememberedInput(opened);
        input = remembered;
      }
      if (remembered == null) {
        throw new IOException("it is closed");
      }
      return remembered.open();
    }

    @Override
    public void close() {
      try {
        if (input != null) {
          input.close();
        }
        if (opened != null) {
          opened.close();
        }
      } catch (IOException e) {
        // It was only read.
      }
    }
  }
}
