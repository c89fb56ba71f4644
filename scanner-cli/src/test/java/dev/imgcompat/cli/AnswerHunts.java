package dev.imgcompat.cli;

import static dev.imgcompat.cli.HuntingGround.ALICE;
import static dev.imgcompat.cli.HuntingGround.IDENTITY;
import static dev.imgcompat.cli.HuntingGround.LAYER_PATH;
import static dev.imgcompat.cli.HuntingGround.MANIFEST_PATH;
import static dev.imgcompat.cli.HuntingGround.PASSWORD;
import static dev.imgcompat.cli.HuntingGround.SIGNATURE;
import static dev.imgcompat.core.testing.Answers.flipped;
import static dev.imgcompat.core.testing.Answers.lengthOff;
import static dev.imgcompat.core.testing.Answers.redirect;
import static dev.imgcompat.core.testing.Answers.redirectChain;
import static dev.imgcompat.core.testing.Answers.reply;
import static dev.imgcompat.core.testing.Answers.status;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.imgcompat.core.testing.Behaviour;
import dev.imgcompat.core.testing.Faults;
import dev.imgcompat.core.testing.FaultyRegistry;
import dev.imgcompat.core.testing.FaultyServer.Welcome;
import dev.imgcompat.core.testing.Reply;
import dev.imgcompat.core.testing.TestPki;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;

/** What registries, token servers, mirrors and blob stores may answer, or not. */
final class AnswerHunts {
  private static final String QUERY = "?X-Amz-Date=20260101T000000Z&X-Amz-Signature=" + SIGNATURE;

  private AnswerHunts() {}

  static Stream<Hunt> all() {
    return Stream.of(successes(), refusals(), tokens(), redirects(), stores(), faults(), mirrors())
        .flatMap(hunts -> hunts);
  }

  private static HuntingGround password(HuntingGround ground) {
    ground.registry().requireBasic(ALICE, PASSWORD);
    return ground.login();
  }

  private static HuntingGround token(HuntingGround ground) {
    ground.registry().requireToken(ground.tokens());
    return ground.login();
  }

  private static HuntingGround identity(HuntingGround ground) {
    ground.registry().requireToken(ground.tokens());
    return ground.authfile("identitytoken", IDENTITY);
  }

  private static Stream<Hunt> successes() {
    return Stream.of(
        Hunt.fine("nobody asks for the password", HuntingGround::login),
        Hunt.fine("a password", AnswerHunts::password),
        Hunt.fine("a token for a password", AnswerHunts::token),
        Hunt.fine("a token for an identity token", AnswerHunts::identity),
        Hunt.fine(
            "a signed token of the registry",
            ground -> {
              ground.registry().requireToken(ground.tokens().signing());
              ground.authfile(
                  "registrytoken", ground.tokens().issue(ALICE, "repository:team/it:pull"));
            }),
        Hunt.fine(
            "a password over plain http",
            ground -> {
              ground.plain().requireBasic(ALICE, PASSWORD);
              ground.ofPlain().login();
            }),
        Hunt.fine(
            "a signed address",
            ground -> {
              password(ground);
              ground
                  .registry()
                  .on(LAYER_PATH)
                  .always(redirect(ground.store().url() + LAYER_PATH + QUERY));
            }),
        Hunt.fine(
            "a token that ends in between",
            ground -> {
              token(ground);
              ground
                  .registry()
                  .on(LAYER_PATH)
                  .always(
                      exchange -> {
                        if (exchange.request().range().isEmpty()) {
                          Faults.running(ground.tokens()::revokeAll, Faults.closeAfter(9))
                              .on(exchange);
                        } else {
                          exchange.send(exchange.usual());
                        }
                      });
            }));
  }

  private static Stream<Hunt> refusals() {
    return Stream.of(
        Hunt.failing(
            "a wrong password",
            "does not accept the credentials of --username",
            ground -> {
              ground.registry().requireBasic(ALICE, "another one");
              ground.login();
            }),
        Hunt.failing(
            "a password without rights",
            "lets the credentials of --username not pull team/it (status 403",
            ground -> password(ground).registry().on(MANIFEST_PATH).always(status(403))),
        Hunt.failing(
            "a wrong password at the token server",
            "its token server 127.0.0.1 answered status 401",
            ground -> {
              token(ground);
              ground.tokens().user(ALICE, "another one");
            }),
        Hunt.failing(
            "a token server that refuses",
            "its token server 127.0.0.1 answered status 403",
            ground -> token(ground).tokens().on("/token").always(status(403))),
        Hunt.failing(
            "an identity token that is not taken",
            "its token server 127.0.0.1 answered status 401",
            ground -> {
              ground.registry().requireToken(ground.plainTokens());
              identity(ground).tokens().on("/token").always(status(401));
            }),
        Hunt.failing(
            "a token without rights",
            "does not accept the credentials of --username",
            ground -> token(ground).tokens().forbid("team/it")),
        Hunt.failing(
            "a password over plain http that is not allowed",
            "are not sent over plain http unless --insecure",
            ground -> {
              ground.plain().requireBasic(ALICE, PASSWORD);
              ground.of(ground.plain().name()).login();
            }),
        Hunt.failing(
            "a token server of plain http",
            "the registry names a token server that is not one of https",
            ground -> {
              ground.registry().requireToken(ground.plainTokens());
              ground.login();
            }),
        Hunt.failing(
            "a signed token with a line break in it",
            "does not accept the credentials of ",
            ground -> {
              ground.registry().requireToken(ground.tokens().signing());
              String token = ground.tokens().issue(ALICE, "repository:team/it:pull");
              ground.authfile(
                  "registrytoken", token.substring(0, 40) + "\\r\\nX-Y: " + token.substring(40));
            }));
  }

  private static Stream<Hunt> tokens() {
    Map<String, Function<String, Behaviour>> answers =
        Map.of(
            "broken off", token -> json("{\"token\":\"" + token),
            "not quoted", token -> json("{\"token\":" + token + "}"),
            "bare", token -> json(token),
            "in a list", token -> json("[\"" + token + "\"]"),
            "in a list of its own", token -> json("{\"token\":[\"" + token + "\"]}"),
            "with a line break", token -> json("{\"token\":\"" + token + "\\r\\nX: y\"}"),
            "with a space", token -> json("{\"token\":\"" + token + " x\"}"),
            "in XML", token -> json("<token>" + token + "</token>"),
            "under another name", token -> json("{\"jwt\":\"" + token + "\"}"),
            "in a redirect", token -> redirect("https://127.0.0.1:1/?token=" + token));
    Stream<Hunt> odd =
        answers.entrySet().stream()
            .map(
                answer ->
                    Hunt.failing(
                        "a token that comes " + answer.getKey(),
                        "its token server 127.0.0.1",
                        ground -> {
                          token(ground)
                              .tokens()
                              .on("/token")
                              .always(
                                  exchange -> answer.getValue().apply(issued(ground)).on(exchange));
                        }));
    Stream<Hunt> successors =
        Stream.of(
            Hunt.failing(
                "a new identity token that comes back",
                "status 403",
                ground -> {
                  String successor = "bN4%hV8+wR2/cY6=gU1&mI9;";
                  ground.secrets().add("the next identity token", successor);
                  identity(ground)
                      .tokens()
                      .on("/token")
                      .always(
                          json(
                              "{\"token\":\"%s\",\"refresh_token\":\"%s\"}"
                                  .formatted(issued(ground), successor)));
                  ground
                      .registry()
                      .on(MANIFEST_PATH)
                      .always(reply(Reply.error(403, "DENIED", "not with " + successor)));
                }),
            Hunt.failing(
                "a token under two names that comes back",
                "status 403",
                ground -> {
                  String other = "kE7oT2vP5zX9cL3jH6sQ8dW1";
                  ground.secrets().add("the other token", other);
                  token(ground)
                      .tokens()
                      .on("/token")
                      .always(
                          json(
                              "{\"token\":\"%s\",\"access_token\":\"%s\"}"
                                  .formatted(issued(ground), other)));
                  ground
                      .registry()
                      .on(MANIFEST_PATH)
                      .always(reply(Reply.error(403, "DENIED", "not with " + other)));
                }));
    return Stream.concat(odd, successors);
  }

  private static String issued(HuntingGround ground) {
    return ground.tokens().issue(ALICE, "repository:team/it:pull");
  }

  private static Behaviour json(String body) {
    return reply(Reply.json(200, body));
  }

  private static Stream<Hunt> redirects() {
    Map<String, String> places =
        Map.ofEntries(
            Map.entry("https://127.0.0.1:1/blob" + QUERY, "connection refused"),
            Map.entry("https://blobs.invalid/blob" + QUERY, "no host of that name"),
            Map.entry("https://127.0.0.1:99999/blob" + QUERY, "no host"),
            Map.entry("https://me:" + SIGNATURE + "@127.0.0.1:1/blob", ""),
            Map.entry("https:///blob" + QUERY, "no"),
            Map.entry("https://blob_store/blob" + QUERY, "no host"),
            Map.entry("https://127.0.0.1:1/a b" + QUERY, "no address"),
            Map.entry("https://127.0.0.1:1/%zz" + QUERY, "no address"),
            Map.entry("https://[" + QUERY, "no address"),
            Map.entry("http://127.0.0.1:1/blob" + QUERY, "from https to http"),
            Map.entry("ftp://127.0.0.1/blob" + QUERY, "from https to ftp"),
            Map.entry("x" + SIGNATURE + "://127.0.0.1/blob", "from https to another scheme"),
            Map.entry("mailto:" + SIGNATURE, "from https to"),
            Map.entry("/elsewhere" + QUERY, "does not have layer"),
            Map.entry("?" + SIGNATURE, "does not have layer"),
            Map.entry("", "does not have layer"));
    Stream<Hunt> one =
        places.entrySet().stream()
            .map(
                place ->
                    Hunt.failing(
                        "a redirect to " + place.getKey(),
                        place.getValue(),
                        ground ->
                            password(ground)
                                .registry()
                                .on(LAYER_PATH)
                                .always(redirect(place.getKey()))));
    return Stream.concat(
        one,
        Stream.of(
            Hunt.failing(
                "signed redirects without end",
                "more than 5 redirects",
                ground ->
                    password(ground)
                        .registry()
                        .on(LAYER_PATH)
                        .always(
                            exchange ->
                                redirect(LAYER_PATH + QUERY + exchange.request().target().length())
                                    .on(exchange))),
            Hunt.failing(
                "redirects without end",
                "more than 5 redirects",
                ground -> password(ground).registry().on(LAYER_PATH).always(redirectChain(6)))));
  }

  /** Blob stores that say back which address they were asked for. */
  private static Stream<Hunt> stores() {
    Map<String, Behaviour> answers =
        Map.of(
            "403 in JSON",
            exchange -> exchange.send(Reply.error(403, "NO", exchange.request().target())),
            "500 in JSON",
            exchange -> exchange.send(Reply.error(500, "NO", exchange.request().target())),
            "429 in JSON",
            exchange -> exchange.send(Reply.error(429, "NO", exchange.request().target())),
            "the signature alone",
            exchange -> exchange.send(Reply.error(400, "NO", "bad signature " + SIGNATURE)),
            "XML",
            exchange ->
                exchange.send(
                    Reply.status(403).body("<Error>" + exchange.request().target() + "</Error>")),
            "a page",
            exchange ->
                exchange.send(
                    Reply.status(200)
                        .with("Content-Type", "text/html")
                        .body("<html>" + exchange.request().target())),
            "what is not HTTP",
            exchange ->
                Faults.garbage(exchange.request().target().concat("\r\n\r\n").getBytes(UTF_8))
                    .on(exchange),
            "a header that is none",
            exchange ->
                Faults.garbage(
                        ("HTTP/1.1 200 OK\r\n" + exchange.request().target() + "\r\n\r\n")
                            .getBytes(UTF_8))
                    .on(exchange),
            "a reset",
            Faults.reset(),
            "other bytes",
            flipped(20));
    return answers.entrySet().stream()
        .map(
            answer ->
                Hunt.failing(
                    "a blob store that answers with " + answer.getKey(),
                    "127.0.0.1",
                    ground -> {
                      password(ground)
                          .registry()
                          .on(LAYER_PATH)
                          .always(redirect(ground.store().url() + LAYER_PATH + QUERY));
                      ground.store().on(LAYER_PATH).always(answer.getValue());
                    }));
  }

  private static Stream<Hunt> faults() {
    List<Hunt> hunts = new ArrayList<>();
    Map<String, Behaviour> broken =
        Map.of(
            "a reset", Faults.reset(),
            "a reset in the body", Faults.resetAfter(1),
            "an end", Faults.close(),
            "an end in the body", Faults.closeAfter(9),
            "silence", Faults.stall(),
            "silence in the body", Faults.stallAfter(9),
            "other bytes", flipped(20),
            "another length", lengthOff(7),
            "status 503", status(503),
            "status 404", status(404));
    for (String path : new String[] {MANIFEST_PATH, LAYER_PATH, "/token"}) {
      broken.forEach(
          (name, behaviour) -> {
            boolean absurd = path.equals("/token") && name.startsWith("other");
            if (!absurd) {
              hunts.add(
                  Hunt.failing(
                      name + " instead of " + path.replaceAll(":.*", ""),
                      "",
                      ground -> {
                        token(ground).with("--stall-timeout=150ms", "--minimum-speed=0");
                        ground.registry().on(path).always(behaviour);
                        ground.tokens().on(path).always(behaviour);
                      }));
            }
          });
    }
    hunts.add(
        Hunt.failing(
            "an expired certificate",
            "its certificate has expired",
            ground -> {
              TestPki pki = TestPki.shared();
              ground.of(ground.another(FaultyRegistry.secure(pki.context(pki.expiredServer()))));
              ground.login();
            }));
    hunts.add(
        Hunt.failing(
            "a certificate of strangers",
            "not of an authority that is trusted here",
            ground -> {
              TestPki pki = TestPki.stranger();
              ground.of(ground.another(FaultyRegistry.secure(pki.serverContext()))).login();
            }));
    hunts.add(
        Hunt.failing(
            "a certificate of ours that is missing",
            "--client-cert and --client-key",
            ground -> {
              TestPki pki = TestPki.shared();
              ground.of(ground.another(FaultyRegistry.secureForKnown(pki.serverContext()))).login();
            }));
    hunts.add(
        Hunt.failing(
            "nobody there", "connection refused", ground -> ground.of("127.0.0.1:1").login()));
    for (Welcome welcome : new Welcome[] {Welcome.RESET, Welcome.CLOSE, Welcome.GARBAGE}) {
      Welcome[] many = new Welcome[40];
      Arrays.fill(many, welcome);
      hunts.add(
          Hunt.failing(
              "connections that end in " + welcome,
              "could not be asked for manifest 1",
              ground -> password(ground).registry().welcome(many)));
    }
    return hunts.stream();
  }

  private static Stream<Hunt> mirrors() {
    return Stream.of(
        new Hunt(
            "a mirror that says the password back",
            ExitCode.OK,
            "",
            ground -> {
              ground.store().requireBasic(ALICE, PASSWORD);
              ground
                  .store()
                  .on(MANIFEST_PATH)
                  .always(ground.echo(t -> reply(Reply.error(403, "NO", t))));
              ground.expectEcho();
              ground
                  .with("--mirror", ground.registry().name() + "=" + ground.store().name())
                  .authfile(
                      "{\"auths\":{\"%s\":{\"username\":\"%s\",\"password\":\"%s\"}}}"
                          .formatted(ground.store().name(), ALICE, PASSWORD));
            }),
        new Hunt(
            "a mirror that does not take the password",
            ExitCode.OK,
            "",
            ground -> {
              ground.store().requireBasic(ALICE, "another one");
              password(ground)
                  .with("--mirror", ground.registry().name() + "=" + ground.store().name())
                  .with();
            }));
  }
}
