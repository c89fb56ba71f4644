package dev.imgcompat.core.tar;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PathNamesTest {
  @ParameterizedTest
  @CsvSource({
    "usr/bin/x, usr/bin/x",
    "./usr/bin/x, usr/bin/x",
    "/usr//bin/./x/, usr/bin/x",
    "../../etc/passwd, etc/passwd",
    "a/../../b, b",
    "a/.hidden, a/.hidden",
    "..., ...",
    "./, ''",
    "/, ''",
    ".., ''"
  })
  void staysInsideTheRoot(String written, String normalised) {
    assertThat(PathNames.normalise(written)).isEqualTo(normalised);
  }

  @Test
  void namesInAnyEncodingStayDistinct() {
    assertThat(PathNames.decode("caf\u00c3\u00a9")).isEqualTo("café"); // UTF-8
    assertThat(PathNames.decode("x\u00e9y")).isEqualTo("x\\xe9y"); // ISO 8859-1
    assertThat(PathNames.decode("x\u00e8y")).isNotEqualTo(PathNames.decode("x\u00e9y"));
  }
}
