package dev.imgcompat.cli;

class RealImagesOfALayoutIT extends RealImages {
  @Override
  String reference(String tag) {
    return "oci:" + SharedImages.layout() + ":" + tag;
  }
}
