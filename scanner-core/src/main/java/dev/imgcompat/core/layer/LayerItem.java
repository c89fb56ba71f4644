package dev.imgcompat.core.layer;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.util.List;

/** One thing that a layer does to the file system below it, in the order of its tar. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "item")
@JsonSubTypes({
  @JsonSubTypes.Type(value = LayerItem.File.class, name = "file"),
  @JsonSubTypes.Type(value = LayerItem.Directory.class, name = "dir"),
  @JsonSubTypes.Type(value = LayerItem.SymbolicLink.class, name = "symlink"),
  @JsonSubTypes.Type(value = LayerItem.HardLink.class, name = "hardlink"),
  @JsonSubTypes.Type(value = LayerItem.Whiteout.class, name = "whiteout"),
  @JsonSubTypes.Type(value = LayerItem.OpaqueDirectory.class, name = "opaque")
})
public sealed interface LayerItem {
  /** The path, normalised. */
  String path();

  /**
   * A file with facts.
   *
   * @param path normalised
   * @param mode permission bits
   * @param size in bytes
   * @param facts at least one
   */
  record File(String path, int mode, long size, List<FileFact> facts) implements LayerItem {
    public File {
      requireNonNull(path, "path is null");
      facts = List.copyOf(facts);
    }
  }

  /**
   * A directory, and the files in it without facts. Every directory that holds such a file is
   * listed, whether or not the tar has an entry for it.
   *
   * @param path normalised
   * @param explicit whether the tar has an entry for it, which replaces a link of that name
   * @param others hashes of the names of the files without facts that this layer puts there
   */
  record Directory(String path, boolean explicit, NameHashes others) implements LayerItem {
    public Directory {
      requireNonNull(path, "path is null");
      requireNonNull(others, "others is null");
    }
  }

  /**
   * A symbolic link.
   *
   * @param path normalised
   * @param target as written
   */
  record SymbolicLink(String path, String target) implements LayerItem {
    public SymbolicLink {
      requireNonNull(path, "path is null");
      requireNonNull(target, "target is null");
    }
  }

  /**
   * Another name of a file that this layer or a lower one holds.
   *
   * @param path normalised
   * @param target normalised
   */
  record HardLink(String path, String target) implements LayerItem {
    public HardLink {
      requireNonNull(path, "path is null");
      requireNonNull(target, "target is null");
    }
  }

  /**
   * The removal of a path of the lower layers.
   *
   * @param path what is removed, normalised
   */
  record Whiteout(String path) implements LayerItem {
    public Whiteout {
      requireNonNull(path, "path is null");
    }
  }

  /**
   * The removal of everything that the lower layers have in a directory.
   *
   * @param path the directory, normalised
   */
  record OpaqueDirectory(String path) implements LayerItem {
    public OpaqueDirectory {
      requireNonNull(path, "path is null");
    }
  }
}
