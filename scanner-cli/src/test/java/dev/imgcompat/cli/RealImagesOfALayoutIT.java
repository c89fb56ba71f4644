package dev.imgcompat.cli;

import dev.imgcompat.core.testing.SharedImages;

class RealImagesOfALayoutIT extends RealImages {
  @Override
  String reference(String tag) {
    return "oci:" + SharedImages.layout() + ":" + tag;
  }
}
