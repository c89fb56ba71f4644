package dev.imgcompat.cli;

import static dev.imgcompat.core.testing.Answers.challenge;
import static dev.imgcompat.core.testing.Answers.redirect;
import static dev.imgcompat.core.testing.Answers.reply;
import static dev.imgcompat.core.testing.Answers.retryAfter;

import dev.imgcompat.core.testing.Behaviour;
import dev.imgcompat.core.testing.Faults;
import dev.imgcompat.core.testing.FaultyServer;
import dev.imgcompat.core.testing.Reply;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;

/** Registries and token servers that say back what they were shown, in every part of an answer. */
final class EchoHunts {
  private static final String MANIFEST = "manifest";
  private static final String LAYER = "layer";
  private static final String TOKEN = "token";

  private EchoHunts() {}

  /** How something is said back, and where that does no harm. */
  record Carrier(String name, Set<String> harmless, Function<String, Behaviour> answer) {
    static Carrier of(String name, Function<String, Behaviour> answer) {
      return new Carrier(name, Set.of(), answer);
    }

    static Carrier ofReply(String name, Function<String, Reply> answer) {
      return of(name, text -> reply(answer.apply(text)));
    }

    /** In an answer that would be right without it. */
    static Carrier ofHeader(String header, Set<String> harmless) {
      return new Carrier(
          "the header " + header,
          harmless,
          text -> exchange -> exchange.send(exchange.usual().without(header).with(header, text)));
    }
  }

  static List<Carrier> carriers() {
    Set<String> everywhere = Set.of(MANIFEST, LAYER, TOKEN);
    List<Carrier> carriers = new ArrayList<>();
    for (int status : new int[] {400, 401, 403, 404, 410, 418, 429, 500, 503}) {
      carriers.add(
          Carrier.ofReply("an error of " + status, text -> Reply.error(status, "NO", text)));
    }
    for (String member : new String[] {"message", "details", "error_description", "error"}) {
      carriers.add(
          Carrier.ofReply(
              "JSON with " + member,
              text -> Reply.json(403, "{\"" + member + "\":\"" + text + "\"}")));
      carriers.add(
          Carrier.ofReply(
              "half of JSON with " + member,
              text -> Reply.json(500, "{\"" + member + "\":\"" + text)));
    }
    carriers.add(Carrier.ofReply("the code of an error", text -> Reply.error(500, text, "")));
    carriers.add(
        Carrier.ofReply(
            "an error longer than it is shown",
            text -> Reply.error(500, "NO", "x".repeat(180) + " " + text)));
    carriers.add(
        Carrier.ofReply(
            "a page", text -> Reply.status(403).with("Content-Type", "text/html").body(text)));
    carriers.add(
        Carrier.ofReply(
            "a page that is fine",
            text ->
                Reply.status(200)
                    .with("Content-Type", "text/html")
                    .body("<html>" + text + "</html>")));
    carriers.add(Carrier.ofReply("text", text -> Reply.status(200).body(text)));
    carriers.add(Carrier.ofReply("JSON that is a text", t -> Reply.json(200, '"' + t + '"')));
    carriers.add(Carrier.ofReply("JSON that breaks off", t -> Reply.json(200, "{\"token\":" + t)));
    carriers.add(
        Carrier.ofReply(
            "a token with spaces", t -> Reply.json(200, "{\"token\":\"x " + t + "\"}")));
    carriers.add(
        Carrier.ofReply(
            "a token with a line break", t -> Reply.json(200, "{\"token\":\"x\\n" + t + "\"}")));
    carriers.add(Carrier.of("a challenge", text -> challenge("Bearer realm=\"" + text + "\"")));
    carriers.add(
        Carrier.of(
            "the host of a challenge",
            text -> challenge("Bearer realm=\"https://" + host(text) + ".invalid/token\"")));
    carriers.add(Carrier.of("the scheme of a challenge", text -> challenge(text)));
    carriers.add(Carrier.of("half of a challenge", text -> challenge("Basic realm=\"" + text)));
    carriers.add(
        Carrier.of("a redirect", text -> redirect("https://127.0.0.1:1/x?a=" + host(text))));
    carriers.add(
        Carrier.of("the host of a redirect", t -> redirect("https://" + host(t) + ".invalid")));
    carriers.add(
        Carrier.of("the scheme of a redirect", text -> redirect("x" + host(text) + "://x/")));
    carriers.add(Carrier.of("a redirect to no address", text -> redirect("https://[" + text)));
    carriers.add(Carrier.of("when to come again", text -> retryAfter(429, text)));
    carriers.add(Carrier.ofHeader("Docker-Content-Digest", everywhere));
    carriers.add(
        new Carrier(
            "a digest",
            Set.of(LAYER, TOKEN),
            text ->
                exchange ->
                    exchange.send(
                        exchange
                            .usual()
                            .without("Docker-Content-Digest")
                            .with("Docker-Content-Digest", "sha256:" + text))));
    carriers.add(Carrier.ofHeader("Content-Type", everywhere));
    carriers.add(Carrier.ofHeader("Content-Encoding", everywhere));
    carriers.add(Carrier.ofHeader("Set-Cookie", everywhere));
    carriers.add(Carrier.ofHeader("X-Echo", everywhere));
    carriers.add(Carrier.ofHeader("Content-Length", Set.of()));
    carriers.add(Carrier.ofHeader("Transfer-Encoding", Set.of()));
    carriers.add(raw("the reason of a status", "HTTP/1.1 403 %s\r\nContent-Length: 0\r\n\r\n"));
    carriers.add(raw("a status line", "HTTP/1.1 %s\r\n\r\n"));
    carriers.add(raw("a version", "HTTP/%s 200 OK\r\n\r\n"));
    carriers.add(raw("what is no header", "HTTP/1.1 200 OK\r\n%s no\r\n\r\n"));
    carriers.add(raw("what is not HTTP", "%s\r\n\r\n"));
    carriers.add(raw("a chunk", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n%s\r\n\r\n"));
    return carriers;
  }

  /** Of what is said back, something that has letters and digits only. */
  private static String host(String text) {
    return Arrays.stream(text.split(",", -1))
        .filter(part -> part.matches("[A-Za-z0-9]+"))
        .findFirst()
        .orElse("x");
  }

  private static Carrier raw(String name, String form) {
    return Carrier.of(
        name, text -> Faults.garbage(form.formatted(text).getBytes(StandardCharsets.ISO_8859_1)));
  }

  static Stream<Hunt> all() {
    return Stream.of(
            at(MANIFEST, "a password", EchoHunts::password, carriers()),
            at(MANIFEST, "a token", EchoHunts::token, some()),
            at(MANIFEST, "an identity token", EchoHunts::identity, some()),
            at(MANIFEST, "a registry token", EchoHunts::registryToken, some()),
            at(LAYER, "a password", EchoHunts::password, some()),
            at(TOKEN, "a password", EchoHunts::plainToken, carriers()),
            at(TOKEN, "an identity token", EchoHunts::identity, some()))
        .flatMap(hunts -> hunts);
  }

  /** One of each kind. */
  static List<Carrier> some() {
    Set<String> kinds =
        Set.of(
            "an error of 403", "an error of 500", "text", "a chunk", "the header Content-Length");
    return carriers().stream().filter(carrier -> kinds.contains(carrier.name())).toList();
  }

  /** Who is shown what: the registry, and the server of tokens. */
  private record Shown(FaultyServer registry, FaultyServer tokens) {}

  private static Shown password(HuntingGround ground) {
    ground.registry().requireBasic(HuntingGround.ALICE, HuntingGround.PASSWORD);
    ground.login();
    return new Shown(ground.registry(), ground.tokens());
  }

  private static Shown token(HuntingGround ground) {
    ground.registry().requireToken(ground.tokens());
    ground.login();
    return new Shown(ground.registry(), ground.tokens());
  }

  private static Shown plainToken(HuntingGround ground) {
    ground.plain().requireToken(ground.plainTokens());
    ground.ofPlain().login();
    return new Shown(ground.plain(), ground.plainTokens());
  }

  private static Shown identity(HuntingGround ground) {
    ground.registry().requireToken(ground.tokens());
    ground.authfile("identitytoken", HuntingGround.IDENTITY);
    return new Shown(ground.registry(), ground.tokens());
  }

  private static Shown registryToken(HuntingGround ground) {
    ground.registry().requireToken(ground.tokens().signing());
    String token = ground.tokens().issue(HuntingGround.ALICE, "repository:team/it:pull");
    ground.authfile("registrytoken", token);
    return new Shown(ground.registry(), ground.tokens());
  }

  private static Stream<Hunt> at(
      String place, String what, Function<HuntingGround, Shown> login, List<Carrier> carriers) {
    return carriers.stream()
        .map(
            carrier ->
                new Hunt(
                    what + " comes back for a " + place + " in " + carrier.name(),
                    carrier.harmless().contains(place) ? ExitCode.OK : ExitCode.NOT_SCANNED,
                    "",
                    ground -> {
                      Shown shown = login.apply(ground);
                      FaultyServer server = place.equals(TOKEN) ? shown.tokens() : shown.registry();
                      ground.expectEcho();
                      server.on(path(place)).always(ground.echo(carrier.answer()));
                    }));
  }

  private static String path(String place) {
    return switch (place) {
      case MANIFEST -> HuntingGround.MANIFEST_PATH;
      case LAYER -> HuntingGround.LAYER_PATH;
      default -> "/token";
    };
  }
}
