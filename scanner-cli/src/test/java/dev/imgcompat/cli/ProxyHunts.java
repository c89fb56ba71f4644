package dev.imgcompat.cli;

import static dev.imgcompat.cli.HuntingGround.PROXY_PASSWORD;
import static dev.imgcompat.core.testing.Answers.reply;

import dev.imgcompat.core.testing.Reply;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Proxies that want a password, and registries behind them. */
final class ProxyHunts {
  private static final String NAME = "registry.test";
  private static final String IN_URL = URLEncoder.encode(PROXY_PASSWORD, StandardCharsets.UTF_8);

  private ProxyHunts() {}

  private static String url(String proxy) {
    return "http://me:" + IN_URL + "@" + proxy;
  }

  private static HuntingGround through(HuntingGround ground) {
    ground.proxy().route(NAME + ":443", ground.registry().port());
    ground.proxy().requireBasic("me", PROXY_PASSWORD);
    return ground.of(NAME).with("--proxy", url(ground.proxy().name()));
  }

  static Stream<Hunt> all() {
    List<Hunt> hunts = new ArrayList<>();
    hunts.add(Hunt.fine("a proxy", ground -> through(ground)));
    hunts.add(
        Hunt.fine(
            "a proxy of a variable",
            ground ->
                through(ground).of(NAME).variable("HTTPS_PROXY", url(ground.proxy().name()))));
    hunts.add(
        Hunt.fine(
            "a proxy of a config file",
            ground ->
                through(ground)
                    .of(NAME)
                    .with(
                        "--config",
                        ground
                            .input("config.yaml", "proxy: " + url(ground.proxy().name()))
                            .toString())));
    hunts.add(
        Hunt.failing(
            "a proxy that does not take the password",
            "answered status 407",
            ground -> through(ground).proxy().requireBasic("me", "another one")));
    for (int status : new int[] {403, 407, 500, 503}) {
      hunts.add(
          Hunt.failing(
              "a proxy that answers with " + status,
              "answered status " + status,
              ground -> through(ground).proxy().refuse(status)));
    }
    hunts.add(
        Hunt.failing(
            "a proxy that is not there",
            "connection refused (through the proxy 127.0.0.1:1)",
            ground -> ground.of(NAME).with("--proxy", url("127.0.0.1:1"))));
    hunts.add(
        Hunt.failing(
            "a proxy that cannot be found",
            "",
            ground -> ground.of(NAME).with("--proxy", url("proxy.invalid:1"))));
    for (String answer :
        new String[] {
          "%s\r\n\r\n",
          "HTTP/1.1 %s\r\n\r\n",
          "HTTP/1.1 403 %s\r\nContent-Length: 0\r\n\r\n",
          "HTTP/1.1 407 %s\r\nProxy-Authenticate: Basic realm=\"%s\"\r\nContent-Length: 0\r\n\r\n",
          "HTTP/1.1 407 No\r\nProxy-Authenticate: %s\r\nContent-Length: 0\r\n\r\n",
          "HTTP/1.1 403 No\r\n%s no header\r\n\r\n",
          "HTTP/1.1 200 OK\r\nContent-Length: %s\r\n\r\n",
          "HTTP/1.1 502 No\r\nTransfer-Encoding: chunked\r\n\r\n%s\r\n\r\n",
          "HTTP/1.1 302 No\r\nLocation: https://127.0.0.1:1/%s\r\nContent-Length: 0\r\n\r\n"
        }) {
      hunts.add(
          Hunt.failing(
              "a proxy that says its password back in " + answer.replaceAll("\\s+", " "),
              NAME,
              ground -> through(ground).proxy().echo(shown -> answer.replace("%s", shown))));
    }
    for (String answer : new String[] {"HTTP/1.1 403 No", "HTTP/1.1 500 No"}) {
      hunts.add(
          Hunt.failing(
              "a proxy of plain http that says its password back in " + answer,
              NAME,
              ground -> {
                through(ground).with("--insecure", NAME);
                ground.proxy().route(NAME + ":443", ground.plain().port());
                ground
                    .proxy()
                    .echo(
                        shown -> {
                          String body =
                              "{\"message\":\"not "
                                  + shown
                                  + " or me:"
                                  + PROXY_PASSWORD
                                  + " or "
                                  + IN_URL
                                  + "\"}";
                          return answer
                              + "\r\nContent-Length: "
                              + body.length()
                              + "\r\n\r\n"
                              + body;
                        });
              }));
    }
    hunts.add(
        Hunt.failing(
            "a registry that says the proxy's password back",
            "status 403",
            ground ->
                through(ground)
                    .registry()
                    .on(HuntingGround.MANIFEST_PATH)
                    .always(reply(Reply.error(403, "NO", "not through " + url("x"))))));
    for (String wrong :
        new String[] {
          "https://me:" + IN_URL + "@127.0.0.1:1",
          "socks5://me:" + IN_URL + "@127.0.0.1:1",
          "http://me:" + IN_URL + "@127.0.0.1:99999",
          "http://me:" + IN_URL + "@127.0.0.1:1/path",
          "http://me:" + IN_URL + "@127.0.0.1:x",
          "http://me:" + IN_URL + "@",
          "http://me:" + PROXY_PASSWORD + "@127.0.0.1:1",
          "me:" + PROXY_PASSWORD + "@127.0.0.1:1",
          "http:/me:" + IN_URL + "@127.0.0.1:1",
          IN_URL
        }) {
      hunts.add(
          Hunt.refused(
              "the proxy " + wrong, "--proxy: ", ground -> ground.with("--proxy=" + wrong)));
      hunts.add(
          Hunt.refused(
              "the proxy " + wrong + " of a variable",
              "HTTPS_PROXY: ",
              ground -> ground.variable("HTTPS_PROXY", wrong)));
      hunts.add(
          Hunt.refused(
              "the proxy " + wrong + " of config show",
              "IMGCOMPAT_PROXY: ",
              ground -> ground.command("config", "show").variable("IMGCOMPAT_PROXY", wrong)));
    }
    return hunts.stream();
  }
}
