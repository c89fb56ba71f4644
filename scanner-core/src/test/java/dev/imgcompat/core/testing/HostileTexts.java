package dev.imgcompat.core.testing;

import java.util.stream.Stream;

/** What authors of images may call their files, to see what becomes of it. */
public final class HostileTexts {
  private HostileTexts() {}

  public static Stream<String> all() {
    return Stream.of(
        "<script>alert(1)</script><img src=x onerror=alert(1)>",
        "</style></script></details></title><h1>x",
        "\" onmouseover=\"alert(1)\" ' x='",
        "]]><!-- --> <![CDATA[ &amp; &#60;",
        "a|b\\|c\\\\|d",
        "`one` ``two`` ```three",
        "`",
        "\\",
        "[click](https://evil.example) ![x](https://evil.example/x.png) [1](1)",
        "\\[click](https://evil.example)",
        "https://evil.example www.evil.example mail@evil.example",
        "@octocat @org/team octo/repo#1 #1 GH-1 d6cd1e2bd19e03a81132a23b2025920577f84e37",
        "# heading\n\n- list\n\n> quote\n\n    code\r\n| a | b |\n|---|---|\n",
        "1. one\u2028two\u0085three\u000bfour",
        "*bold* _emphasis_ ~~gone~~ :boom: $x^2$ {{heading}} {0} {{{style}}} %41 %2e%2e ..",
        "../../../etc/passwd /.././ //host/share ?query#fragment",
        "right\u202eto left\u200b\ufeff",
        "nul\u0000 escape\u001b[2J delete\u007f",
        "lone \ud800 surrogates \udc00 and \ufffe \uffff \ud83d\ude00",
        "x".repeat(10_000),
        "=1+1",
        "");
  }
}
