package dev.imgcompat.core.image;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Signed manifests of Docker's schema 1, in the "pretty" form of libtrust's JSON web signatures:
 * the signatures stand in the document that they sign. Each tells how many of its bytes are signed
 * ({@code formatLength}), and what comes after these ({@code formatTail}); together they are the
 * payload, of which the digest of such a manifest is.
 *
 * <p>The signatures are not verified, as docker does not: any key may sign, and so they prove
 * nothing.
 */
public final class SignedManifest {
  private static final String SIGNATURES = "signatures";
  private static final String PROTECTED = "protected";

  /** Each could be of megabytes, of which a copy is made. */
  private static final int MAX_SIGNATURES = 16;

  private SignedManifest() {}

  /**
   * Returns the bytes that the digest of a manifest is of: the payload of a signed one, and those
   * of any other as they are.
   *
   * @param subject names the manifest in failures
   * @throws ScanException if the signatures contradict each other or the document
   */
  public static byte[] payload(byte[] manifest, String subject) throws ScanException {
    JsonNode root;
    try {
      root = StrictJson.object(manifest, subject);
    } catch (ScanException.Damaged e) {
      // Whoever parses it will say so.
      return manifest;
    }
    if (root.path("schemaVersion").asInt(0) != 1 || !StrictJson.has(root, SIGNATURES)) {
      return manifest;
    }
    if (root.path(SIGNATURES).size() > MAX_SIGNATURES) {
      throw new ScanException.LimitExceeded(
          subject + ": the manifest has more than " + MAX_SIGNATURES + " signatures");
    }
    Optional<byte[]> payload = Optional.empty();
    for (JsonNode signature : root.path(SIGNATURES)) {
      byte[] signed = payload(manifest, signature, subject);
      if (payload.isPresent() && !Arrays.equals(payload.get(), signed)) {
        throw damaged(subject, "its signatures are of different contents");
      }
      payload = Optional.of(signed);
    }
    byte[] signed = payload.orElseThrow(() -> damaged(subject, "it has none"));
    JsonNode shown = ((ObjectNode) root).without(SIGNATURES);
    if (!StrictJson.object(signed, subject + ": the signed manifest").equals(shown)) {
      throw damaged(subject, "what they sign is not what the manifest says");
    }
    return signed;
  }

  private static byte[] payload(byte[] manifest, JsonNode signature, String subject)
      throws ScanException {
    StrictJson.requireExactKeys(signature, Set.of(PROTECTED), subject + ": a signature");
    byte[] header = decoded(signature.path(PROTECTED), subject);
    JsonNode format = StrictJson.object(header, subject + ": the header of a signature");
    JsonNode length = format.path("formatLength");
    if (!length.isIntegralNumber()
        || !length.canConvertToInt()
        || length.asInt() < 0
        || length.asInt() > manifest.length) {
      throw damaged(subject, "formatLength is no length within the manifest");
    }
    byte[] tail = decoded(format.path("formatTail"), subject);
    byte[] payload = Arrays.copyOf(manifest, length.asInt() + tail.length);
    System.arraycopy(tail, 0, payload, length.asInt(), tail.length);
    return payload;
  }

  private static byte[] decoded(JsonNode text, String subject) throws ScanException {
    if (!text.isString()) {
      throw damaged(subject, "one lacks its header or its formatTail");
    }
    try {
      return Base64.getUrlDecoder()
          .decode(
              text.asString()
                  .replace("\n", "")
                  .replace(" ", "")
                  .getBytes(StandardCharsets.ISO_8859_1));
    } catch (IllegalArgumentException e) {
      throw damaged(subject, "one is not in base64url");
    }
  }

  private static ScanException.Damaged damaged(String subject, String why) {
    return new ScanException.Damaged(
        subject + ": the signatures of the manifest make no sense: " + why, null);
  }
}
