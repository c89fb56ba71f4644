package dev.imgcompat.core.image;

import java.util.List;

/**
 * One image of one platform, resolved, its layers not yet read.
 *
 * @param reference by which it was asked for
 * @param manifest what was found there
 * @param contents of its layers, bottom first; opened at most once each
 * @param notes for the reader of the report, such as a platform other than the wanted one
 */
public record Image(
    ImageReference reference,
    ImageManifest manifest,
    List<LayerContent> contents,
    List<String> notes) {
  public Image {
    contents = List.copyOf(contents);
    notes = List.copyOf(notes);
  }
}
