package dev.imgcompat.cli;

import static dev.imgcompat.cli.HuntingGround.ALICE;
import static dev.imgcompat.cli.HuntingGround.IDENTITY;
import static dev.imgcompat.cli.HuntingGround.KEY;
import static dev.imgcompat.cli.HuntingGround.PASSWORD;
import static dev.imgcompat.cli.HuntingGround.base64;

import dev.imgcompat.core.testing.FaultyRegistry;
import dev.imgcompat.core.testing.TestPki;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** Where credentials are kept, and what may be wrong there. */
final class CredentialHunts {
  private static final String PAIR = base64(ALICE + ":" + PASSWORD);

  private CredentialHunts() {}

  static Stream<Hunt> all() {
    return Stream.of(files(), programs(), keys()).flatMap(hunts -> hunts);
  }

  private static HuntingGround wanted(HuntingGround ground) {
    ground.registry().requireBasic(ALICE, PASSWORD);
    return ground;
  }

  /** Texts of auth files, where HOST is the registry, and what is said of them. */
  private static Map<String, String> wrongFiles() {
    Map<String, String> files = new LinkedHashMap<>();
    String entry = "{\"auths\":{\"HOST\":";
    files.put("{\"auths\":{\"HOST\":{\"auth\":\"" + PAIR, "is not JSON (line 1)");
    files.put("{\"auths\":{\"HOST\":{\"auth\":" + PAIR + "}}}", "is not JSON (line 1)");
    files.put(PAIR, "is not JSON (line 1)");
    files.put("auths: {HOST: {auth: " + PAIR + "}}", "is not JSON (line 1)");
    files.put("[\"" + PAIR + "\"]", "is not a JSON object");
    files.put("\"" + PAIR + "\"", "is not a JSON object");
    files.put("{\"auths\":[\"" + PAIR + "\"]}", "auths in");
    files.put("{\"auths\":\"" + PAIR + "\"}", "auths in");
    files.put(entry + "\"" + PAIR + "\"}}", "is not a JSON object");
    files.put(entry + "[\"" + PAIR + "\"]}}", "is not a JSON object");
    files.put(entry + "{\"auth\":[\"" + PAIR + "\"]}}}", "is not a text");
    files.put(entry + "{\"auth\":{\"x\":\"" + PAIR + "\"}}}}", "is not a text");
    files.put(entry + "{\"auth\":\"" + PAIR + "*\"}}}", "is not base64");
    files.put(entry + "{\"auth\":\"" + ALICE + ":" + PASSWORD + "\"}}}", "is not base64");
    files.put(
        entry + "{\"auth\":\"" + base64(PASSWORD) + "\"}}}", "not the base64 of USER:PASSWORD");
    files.put(
        entry + "{\"auth\":\"" + base64(":" + PASSWORD) + "\"}}}",
        "not the base64 of USER:PASSWORD");
    files.put(entry + "{\"auth\":\"/w==\",\"password\":\"" + PASSWORD + "\"}}}", "of UTF-8");
    files.put(entry + "{\"identitytoken\":[\"" + IDENTITY + "\"]}}}", "is not a text");
    files.put(entry + "{\"registrytoken\":{\"" + IDENTITY + "\":1}}}}", "is not a text");
    files.put(
        entry + "{\"username\":\"alice\",\"password\":[\"" + PASSWORD + "\"]}}}", "is not a text");
    files.put("{\"credsStore\":[\"" + PASSWORD + "\"]}", "is not a text");
    files.put("{\"credsStore\":\"" + PASSWORD + "\"}", "has a name that no program has");
    files.put("{\"credHelpers\":{\"HOST\":[\"" + PASSWORD + "\"]}}", "is not a text");
    files.put("{\"credHelpers\":\"" + PASSWORD + "\"}", "is not a JSON object");
    return files;
  }

  private static Stream<Hunt> files() {
    List<Hunt> hunts = new ArrayList<>();
    wrongFiles()
        .forEach(
            (text, said) ->
                hunts.add(
                    Hunt.failing(
                        "the auth file " + text,
                        said,
                        ground -> wanted(ground).authfile(text.replace("HOST", host(ground))))));
    hunts.add(
        Hunt.failing(
            "a variable that is not JSON",
            "DOCKER_AUTH_CONFIG is not JSON (line 1)",
            ground -> wanted(ground).variable("DOCKER_AUTH_CONFIG", PAIR)));
    hunts.add(
        Hunt.failing(
            "a variable with what is no base64",
            "of DOCKER_AUTH_CONFIG is not base64",
            ground ->
                wanted(ground)
                    .variable(
                        "DOCKER_AUTH_CONFIG",
                        "{\"auths\":{\"%s\":{\"auth\":\"%s*\"}}}".formatted(host(ground), PAIR))));
    hunts.add(
        Hunt.failing(
            "an auth file of a user that is cut off",
            "is not JSON (line 1)",
            ground ->
                wanted(ground)
                    .variable(
                        "DOCKER_CONFIG",
                        ground
                            .input("docker/config.json", "{\"auths\":{\"x\":{\"auth\":\"" + PAIR)
                            .getParent()
                            .toString())));
    hunts.add(
        Hunt.failing(
            "a password for another registry, written as an address",
            "no right to see it without credentials",
            ground ->
                wanted(ground)
                    .authfile(
                        "{\"auths\":{\"https://%s:%s@%s/v1/\":{\"auth\":\"*\"}}}"
                            .formatted(ALICE, PASSWORD, host(ground)))));
    hunts.add(
        Hunt.fine(
            "an auth file that is as it should be",
            ground -> wanted(ground).authfile("auth", PAIR)));
    hunts.add(
        Hunt.fine(
            "an auth file in a variable",
            ground ->
                wanted(ground)
                    .variable(
                        "DOCKER_AUTH_CONFIG",
                        "{\"auths\":{\"%s\":{\"auth\":\"%s\"}}}".formatted(host(ground), PAIR))));
    return hunts.stream();
  }

  private static String host(HuntingGround ground) {
    return ground.registry().name();
  }

  private static Stream<Hunt> programs() {
    String right = "{\"Username\":\"" + ALICE + "\",\"Secret\":\"" + PASSWORD + "\"}";
    String failed = "docker-credential-x failed (exit code 1)";
    String malformed = "docker-credential-x did not answer with JSON";
    return Stream.of(
        Hunt.fine("a credential program", program("echo '" + right + "'")),
        Hunt.failing("a program that fails", failed, program("echo '" + right + "'; exit 1")),
        Hunt.failing(
            "a program that says a password", failed, program("echo '" + PASSWORD + "'; exit 1")),
        Hunt.failing(
            "a program that fails with its secret",
            failed,
            program("echo 'cannot use " + PASSWORD + "' >&2; exit 1")),
        Hunt.failing(
            "a program that is traced",
            failed,
            program("set -x; SECRET='" + PASSWORD + "'; exit 1")),
        Hunt.fine(
            "a program that works and is traced", program("set -x\n" + "echo '" + right + "'")),
        Hunt.failing("a program that answers in half", malformed, program(half(right))),
        Hunt.failing("a program without JSON", malformed, program("echo '" + PASSWORD + "'")),
        Hunt.failing("a program with a list", malformed, program("echo '[\"" + PASSWORD + "\"]'")),
        Hunt.failing(
            "a program with another type",
            malformed,
            program("echo '{\"Username\":\"alice\",\"Secret\":[\"" + PASSWORD + "\"]}'")),
        Hunt.failing(
            "a program without end",
            "answered with more than 1048576 bytes",
            program("exec yes '" + PASSWORD + "'")),
        Hunt.failing(
            "a program that leaves another behind, which keeps its output open",
            failed,
            program("echo '" + PASSWORD + "'; sleep 20 & exit 1")),
        Hunt.failing(
            "a program that ends itself",
            "docker-credential-x failed (exit code 137)",
            program("echo '" + right + "'; kill -9 $$")),
        Hunt.failing(
            "a program with another password",
            "does not accept the credentials of docker-credential-x",
            ground -> {
              program("echo '" + right + "'").accept(ground);
              ground.registry().requireBasic(ALICE, "another one");
            }));
  }

  private static String half(String answer) {
    return "printf '%s' '" + answer.substring(0, answer.length() - 2) + "'";
  }

  private static Consumer<HuntingGround> program(String script) {
    return ground -> {
      ground.program("x", script);
      wanted(ground).authfile("{\"credHelpers\":{\"%s\":\"x\"}}".formatted(host(ground)));
    };
  }

  /** Keys of clients: what is there in the place of one. */
  private static Stream<Hunt> keys() {
    Map<String, String> wrong =
        Map.of(
            "-----BEGIN PRIVATE KEY-----\n" + KEY + "\n-----END PRIVATE KEY-----\n",
            "is damaged",
            "-----BEGIN PRIVATE KEY-----\n" + KEY,
            "has no private key",
            "-----BEGIN PRIVATE KEY-----\n" + KEY + "*\n-----END PRIVATE KEY-----\n",
            "",
            "-----BEGIN ENCRYPTED PRIVATE KEY-----\n"
                + KEY
                + "\n-----END ENCRYPTED PRIVATE KEY-----",
            "is encrypted",
            "-----BEGIN RSA PRIVATE KEY-----\n" + KEY + "\n-----END RSA PRIVATE KEY-----\n",
            "is damaged",
            "-----BEGIN EC PRIVATE KEY-----\n" + KEY + "\n-----END EC PRIVATE KEY-----\n",
            "",
            KEY,
            "has no private key");
    return wrong.entrySet().stream()
        .map(
            key ->
                Hunt.failing(
                    "the key " + key.getKey().lines().toList(),
                    key.getValue(),
                    ground -> {
                      TestPki pki = TestPki.shared();
                      ground.of(ground.another(FaultyRegistry.secureForKnown(pki.serverContext())));
                      ground.with(
                          "--client-cert=" + ground.input("pki/client.cert"),
                          "--client-key=" + ground.input("my.key", key.getKey()));
                    }));
  }
}
