package dev.imgcompat.core.testing;

import dev.imgcompat.core.image.Bytes;
import dev.imgcompat.core.image.Digest;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tools.jackson.databind.json.JsonMapper;

/** Builds manifests of Docker's schema 1, and signs them as libtrust does. */
public final class Schema1Builder {
  /** Of nothing, as docker pushed it for what changed no file. */
  public static final byte[] EMPTY = LayerBuilder.gzip(new LayerBuilder().tar());

  private static final JsonMapper MAPPER = JsonMapper.builder().build();
  private static final String TAIL = "\n}";

  private final List<byte[]> blobs = new ArrayList<>();
  private final List<String> layers = new ArrayList<>();
  private final List<Map<String, Object>> history = new ArrayList<>();
  private String architecture = "amd64";

  /** Sets the architecture, of the manifest and of the layers that come after. */
  public Schema1Builder architecture(String value) {
    architecture = value;
    return this;
  }

  /** Adds a layer on top. */
  public Schema1Builder layer(byte[] blob) {
    return entry(blob, id(layers.size()), Map.of());
  }

  /** Adds a step of the history that changed no file. */
  public Schema1Builder throwaway() {
    return entry(EMPTY, id(layers.size()), Map.of("throwaway", true));
  }

  /** Adds a layer once more, in another entry with the same id. */
  public Schema1Builder repeated(byte[] blob) {
    Map<String, Object> top = history.get(history.size() - 1);
    return entry(blob, top.get("id").toString(), Map.of());
  }

  /** Sets a field of the uppermost entry of the history; null removes it. */
  public Schema1Builder with(String key, Object value) {
    Map<String, Object> top = history.get(history.size() - 1);
    if (value == null) {
      top.remove(key);
    } else {
      top.put(key, value);
    }
    return this;
  }

  /** Sets the command of the uppermost entry. */
  public Schema1Builder command(String... words) {
    return with("config", Map.of("Cmd", List.of(words), "Env", List.of("PATH=/usr/bin:/bin")));
  }

  private Schema1Builder entry(byte[] blob, String id, Map<String, Object> more) {
    Map<String, Object> image = new LinkedHashMap<>();
    image.put("id", id);
    if (!history.isEmpty()) {
      image.put("parent", history.get(history.size() - 1).get("id"));
    }
    image.put("created", "2014-06-10T22:12:46Z");
    image.put("docker_version", "1.6.0");
    image.put("architecture", architecture);
    image.put("os", "linux");
    image.putAll(more);
    blobs.add(blob);
    layers.add(Bytes.digest(blob).value());
    history.add(image);
    return this;
  }

  private static String id(int number) {
    return Bytes.digest(("layer " + number).getBytes(StandardCharsets.UTF_8)).hex();
  }

  /** Adds the blobs to a layout, which refers to them by no manifest. */
  public Schema1Builder into(LayoutBuilder layout) {
    blobs.forEach(layout::blob);
    return this;
  }

  /** The manifest as it is signed. */
  public byte[] unsigned() {
    return payload().getBytes(StandardCharsets.UTF_8);
  }

  /** The digest of the manifest, signed or not. */
  public Digest digest() {
    return Bytes.digest(unsigned());
  }

  private String payload() {
    List<String> fsLayers =
        layers.stream().map(l -> "      {\n         \"blobSum\": \"" + l + "\"\n      }").toList();
    List<String> entries =
        history.stream()
            .map(
                h ->
                    "      {\n         \"v1Compatibility\": "
                        + MAPPER.writeValueAsString(MAPPER.writeValueAsString(h))
                        + "\n      }")
            .toList();
    return "{\n   \"schemaVersion\": 1,\n   \"name\": \"team/it\",\n   \"tag\": \"1\",\n"
        + "   \"architecture\": \""
        + architecture
        + "\",\n   \"fsLayers\": [\n"
        + topFirst(fsLayers)
        + "\n   ],\n   \"history\": [\n"
        + topFirst(entries)
        + "\n   ]"
        + TAIL;
  }

  private static String topFirst(List<String> bottomFirst) {
    List<String> topFirst = new ArrayList<>(bottomFirst);
    Collections.reverse(topFirst);
    return String.join(",\n", topFirst);
  }

  /** The manifest with a signature of a new key. */
  public byte[] signed() {
    return signedWith(signature(payload(), payload().length() - TAIL.length(), TAIL));
  }

  /** The manifest with signatures as they are. */
  public byte[] signedWith(String... signatures) {
    String payload = payload();
    String signed =
        payload.substring(0, payload.length() - TAIL.length())
            + ",\n   \"signatures\": ["
            + String.join(",", signatures)
            + "]"
            + TAIL;
    return signed.getBytes(StandardCharsets.UTF_8);
  }

  /** A signature of this manifest that says how much of it is signed, and what follows that. */
  public String signature(int formatLength, String formatTail) {
    return signature(payload(), formatLength, formatTail);
  }

  /** How many bytes there are before the closing brace. */
  public int formatLength() {
    return unsigned().length - TAIL.length();
  }

  private static String signature(String payload, int formatLength, String formatTail) {
    String header =
        base64(
            ("{\"formatLength\":"
                    + formatLength
                    + ",\"formatTail\":\""
                    + base64(formatTail.getBytes(StandardCharsets.UTF_8))
                    + "\",\"time\":\"2015-05-01T00:00:00Z\"}")
                .getBytes(StandardCharsets.UTF_8));
    String signed = header + "." + base64(payload.getBytes(StandardCharsets.UTF_8));
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"));
      KeyPair keys = generator.generateKeyPair();
      Signature signature = Signature.getInstance("SHA256withECDSAinP1363Format");
      signature.initSign(keys.getPrivate());
      signature.update(signed.getBytes(StandardCharsets.UTF_8));
      ECPublicKey key = (ECPublicKey) keys.getPublic();
      Map<String, String> jwk = new LinkedHashMap<>();
      jwk.put("crv", "P-256");
      jwk.put("kid", kid(key));
      jwk.put("kty", "EC");
      jwk.put("x", base64(coordinate(key.getW().getAffineX())));
      jwk.put("y", base64(coordinate(key.getW().getAffineY())));
      Map<String, Object> json = new LinkedHashMap<>();
      json.put("header", Map.of("alg", "ES256", "jwk", jwk));
      json.put("signature", base64(signature.sign()));
      json.put("protected", header);
      return MAPPER.writeValueAsString(json);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The fingerprint by which libtrust names a key: 240 bits in base 32, in groups of four. */
  private static String kid(ECPublicKey key) throws GeneralSecurityException {
    byte[] hash = MessageDigest.getInstance("SHA-256").digest(key.getEncoded());
    String bits = new BigInteger(1, Arrays.copyOf(hash, 30)).setBit(240).toString(2).substring(1);
    return Stream.iterate(0, i -> i < 240, i -> i + 20)
        .map(
            group ->
                Stream.iterate(group, i -> i < group + 20, i -> i + 5)
                    .map(i -> Integer.parseInt(bits.substring(i, i + 5), 2))
                    .map(i -> "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".substring(i, i + 1))
                    .collect(Collectors.joining()))
        .collect(Collectors.joining(":"));
  }

  private static byte[] coordinate(BigInteger value) {
    byte[] bytes = value.toByteArray();
    byte[] padded = new byte[32];
    int length = Math.min(32, bytes.length);
    System.arraycopy(bytes, bytes.length - length, padded, 32 - length, length);
    return padded;
  }

  private static String base64(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }
}
