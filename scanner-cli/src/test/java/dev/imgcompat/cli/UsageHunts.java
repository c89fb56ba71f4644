package dev.imgcompat.cli;

import static dev.imgcompat.cli.HuntingGround.ALICE;
import static dev.imgcompat.cli.HuntingGround.IDENTITY;
import static dev.imgcompat.cli.HuntingGround.PASSWORD;
import static dev.imgcompat.cli.HuntingGround.PROXY_PASSWORD;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Secrets where users write them though they do not belong there, and some where they do. */
final class UsageHunts {
  private static final String PROXY =
      "http://me:" + URLEncoder.encode(PROXY_PASSWORD, StandardCharsets.UTF_8) + "@proxy.corp:3128";

  private UsageHunts() {}

  static Stream<Hunt> all() {
    return Stream.of(flags(), references(), logins(), configFiles(), shown())
        .flatMap(hunts -> hunts);
  }

  private static Stream<Hunt> flags() {
    List<Hunt> hunts = new ArrayList<>();
    for (String[] flags :
        new String[][] {
          {"--password", PASSWORD},
          {"--password=" + PASSWORD},
          {"--passwd=" + PASSWORD},
          {"--Password=" + PASSWORD},
          {"-p", PASSWORD},
          {"-p=" + PASSWORD},
          {"-p" + PASSWORD},
          {"-u", ALICE + ":" + PASSWORD},
          {"-u" + ALICE + ":" + PASSWORD},
          {"--user=" + ALICE + ":" + PASSWORD},
          {"--creds", ALICE + ":" + PASSWORD},
          {"--creds=" + ALICE + ":" + PASSWORD},
          {"--src-creds=" + ALICE + ":" + PASSWORD},
          {"--src-registry-token=" + IDENTITY},
          {"--registry-token", IDENTITY},
          {"--token=" + IDENTITY},
          {"--identity-token", IDENTITY},
          {"--auth=" + IDENTITY},
          {"--proxy-password=" + PROXY_PASSWORD},
          {"--proxi", PROXY},
          {"--proxi=" + PROXY},
          {"--header=Authorization: Bearer " + IDENTITY},
          {"-H", "Authorization: Bearer " + IDENTITY},
          {"--password-stdin=" + PASSWORD},
          {"--password-stdin=" + PASSWORD, "--username=me"},
          {"--mirror", "docker.io=" + ALICE + ":" + PASSWORD + "@mirror.corp"},
          {"--mirror", "https://" + ALICE + ":" + PASSWORD + "@mirror.corp=docker.io"},
          {"--insecure", ALICE + ":" + PASSWORD + "@registry.corp"},
          {"--insecure", "https://" + ALICE + ":" + PASSWORD + "@registry.corp"},
          {"--ca-cert", ALICE + ":" + PASSWORD + "@registry.corp=\0"},
          {"--no-proxy", ALICE + ":" + PASSWORD + "@registry.corp"},
          {"--connect-timeout", PASSWORD},
          {"--request-rate", PASSWORD},
          {"--byte-rate", PASSWORD},
          {"--retries", PASSWORD}
        }) {
      String name = String.join(" ", flags);
      hunts.add(Hunt.refused("scan with " + name, "", ground -> ground.with(flags)));
      hunts.add(
          Hunt.refused(
              "config show with " + name,
              "",
              ground -> ground.command("config", "show").with(flags)));
    }
    for (String[] command :
        new String[][] {
          {"--password=" + PASSWORD, "scan", "x"},
          {"--token", IDENTITY, "scan", "x"},
          {"--token=" + IDENTITY},
          {"login", "--username", ALICE, "--password", PASSWORD},
          {"login", "-u", ALICE, "--token", IDENTITY},
          {"export", "exclusions", "--token", IDENTITY},
          {"cache", "info", "--token=" + IDENTITY},
          {"runtimes", "list", "--token", IDENTITY},
          {"explain", "--token=" + IDENTITY, "x"},
          {"config", "--token", IDENTITY, "show"},
          {"config", "show", "--registry", "https://" + ALICE + ":" + PASSWORD + "@a.corp"},
          {"config", "show", "--registry", ALICE + ":" + PASSWORD + "@a.corp"}
        }) {
      hunts.add(
          Hunt.refused(
              "the command " + String.join(" ", command), "", ground -> ground.command(command)));
    }
    return hunts.stream();
  }

  private static Stream<Hunt> references() {
    List<Hunt> hunts = new ArrayList<>();
    String login = ALICE + ":" + PASSWORD + "@";
    for (String reference :
        new String[] {
          login + "127.0.0.1:1/x:y",
          "docker://" + login + "127.0.0.1:1/x:y",
          "https://" + login + "127.0.0.1:1/x:y",
          "DOCKER://" + login + "127.0.0.1:1/x:y",
          "docker-daemon:" + login + "127.0.0.1:1/x:y",
          login + "127.0.0.1:1/x@sha256:" + "0".repeat(64),
          login + "127.0.0.1:1/x@sha256:" + "0".repeat(63),
          login + "127.0.0.1:1/X Y",
          login + "",
          IDENTITY + "@127.0.0.1:1/x",
          " " + login + "127.0.0.1:1/x"
        }) {
      hunts.add(
          Hunt.failing(
              "the reference " + reference,
              "credentials do not belong in a reference",
              ground -> ground.command("scan", reference)));
    }
    hunts.add(
        Hunt.failing(
            "a reference of a file",
            "credentials do not belong in a reference",
            ground ->
                ground.command(
                    "scan",
                    "--from-file",
                    ground.input("list", login + "127.0.0.1:1/x").toString())));
    hunts.add(
        Hunt.failing(
            "a reference of standard input",
            "credentials do not belong in a reference",
            ground -> ground.command("scan", "-").stdin(login + "127.0.0.1:1/x\n")));
    return hunts.stream();
  }

  private static Stream<Hunt> logins() {
    return Stream.of(
        Hunt.refused(
            "a password in the name",
            "--username takes a name",
            ground -> ground.with("--username", ALICE + ":" + PASSWORD, "--password-stdin")),
        Hunt.refused(
            "a password for two registries",
            "--username is for one registry",
            ground -> ground.with("another.corp/x").login()),
        Hunt.refused(
            "a password and references on standard input",
            "standard input comes once",
            ground -> ground.with("-").login()),
        Hunt.refused(
            "a password that is not text",
            "is not text in UTF-8",
            ground -> ground.login().latinStdin(PASSWORD + "\u00ff\n")),
        Hunt.refused(
            "a very long password",
            "more than 64 KiB",
            ground -> ground.login().stdin(PASSWORD.repeat(5000))),
        Hunt.refused(
            "a password without a name",
            "a password of nobody",
            ground -> ground.with("--password-stdin").stdin(PASSWORD)),
        Hunt.refused(
            "an empty line before a password",
            "standard input has no password",
            ground -> ground.login().stdin("\n" + PASSWORD)));
  }

  /** Texts of config files, and what is said of them. */
  private static Map<String, String> wrongFiles() {
    Map<String, String> files = new LinkedHashMap<>();
    files.put("proxy: \"" + PROXY, ":1: not YAML");
    files.put("proxy: [" + PROXY, "not YAML");
    files.put("proxy: " + PROXY + ": x", ":1: not YAML");
    files.put("retries: 1\n\tproxy: " + PROXY, "not YAML");
    files.put("proxy: *" + PASSWORD, "");
    files.put("proxy: |\n  " + PROXY + "\n  x", "proxy: ");
    files.put("proxy: [" + PROXY + "]", ":1: proxy has one value");
    files.put("proxy: {url: \"" + PROXY + "\"}", ":1: proxy has a value");
    files.put("proxy: {\"" + PROXY + "\": x}", ":1: proxy has a value");
    files.put("proxy: " + PROXY.replace("http:", "https:"), ":1: proxy: ");
    files.put("proxy: " + PROXY + "0000", ":1: proxy: ");
    files.put("prox: " + PROXY, ":1: there is no setting 'prox'");
    files.put("\"" + PROXY + "\": proxy", ":1: there is no setting");
    files.put(PROXY, ":1: the file is no mapping");
    files.put("- " + PROXY, ":1: the file is no mapping");
    files.put("proxy: none\nproxy: " + PROXY, ":2: this key is there already");
    files.put("proxy: none\n---\nproxy: " + PROXY, "");
    files.put("password: " + PASSWORD, "credentials are kept in an auth file");
    files.put("auths: {docker.io: {auth: " + PASSWORD + "}}", "credentials are kept in an auth");
    files.put("registries: {docker.io: {password: '" + PASSWORD + "'}}", "credentials are kept");
    files.put("registries: {docker.io: {password: '" + PASSWORD + "'", "not YAML");
    files.put("registries: {docker.io: '" + PASSWORD + "'}", "docker.io is no mapping");
    files.put("registries: '" + PASSWORD + "'", "registries is no mapping");
    files.put("registries: {'" + PASSWORD + "': {}}", "named by its host alone");
    files.put("registries: {'alice:" + PASSWORD + "@a.corp': {}}", "not the name of a registry");
    files.put("registries: {'https://alice:" + PASSWORD + "@a.corp/': {}}", "not the name of a");
    files.put("registries: {a.corp: {mirrors: ['alice:" + PASSWORD + "@b.corp']}}", "of a mirror");
    files.put("registries: {a.corp: {proxy: 'x:" + PASSWORD + "@b.corp'}}", "address of a proxy");
    files.put("no-proxy: ['" + PROXY + "']", "no-proxy: ");
    files.put("retries: '" + PASSWORD + "'", "retries: ");
    files.put("stall-timeout: '" + PASSWORD + "'", "stall-timeout: ");
    files.put("request-rate: '" + PASSWORD + "'", "request-rate: ");
    files.put("byte-rate: '" + PASSWORD + "'", "byte-rate: ");
    files.put("insecure: '" + PASSWORD + "'", "insecure");
    files.put("registries: {a.corp: {insecure: '" + PASSWORD + "'}}", "insecure: ");
    return files;
  }

  private static Stream<Hunt> configFiles() {
    List<Hunt> hunts = new ArrayList<>();
    hunts.add(
        Hunt.refused(
            "a scan with a config file",
            ":2: not YAML",
            ground ->
                ground.with(
                    "--config",
                    ground.input("config.yaml", "retries: 1\nproxy: \"" + PROXY).toString())));
    wrongFiles()
        .forEach(
            (text, said) ->
                hunts.add(
                    Hunt.refused(
                        "config show with the file " + text,
                        said,
                        ground ->
                            ground
                                .command("config", "show")
                                .variable(
                                    "IMGCOMPAT_CONFIG",
                                    ground.input("config.yaml", text).toString()))));
    return hunts.stream();
  }

  private static Stream<Hunt> shown() {
    return Stream.of(
        Hunt.fine(
            "config show with a proxy",
            ground -> ground.command("config", "show", "--proxy", PROXY)),
        Hunt.fine(
            "config show with a proxy and nothing but a token",
            ground ->
                ground.command(
                    "config", "show", "--proxy", "http://" + HuntingGround.SIGNATURE + "@proxy:1")),
        Hunt.fine(
            "config show with proxies of variables",
            ground ->
                ground
                    .command("config", "show")
                    .variable("HTTPS_PROXY", PROXY)
                    .variable("http_proxy", PROXY.replace("corp", "org"))),
        Hunt.fine(
            "config show with a proxy of a registry in a file",
            ground ->
                ground
                    .command("config", "show", "--registry", "a.corp")
                    .variable(
                        "IMGCOMPAT_CONFIG",
                        ground
                            .input("config.yaml", "registries: {a.corp: {proxy: '" + PROXY + "'}}")
                            .toString())),
        Hunt.fine(
            "config show with credentials",
            ground ->
                ground
                    .command("config", "show")
                    .login()
                    .variable("DOCKER_AUTH_CONFIG", "{\"auths\":{\"a\":\"" + PASSWORD + "\"}}")));
  }
}
