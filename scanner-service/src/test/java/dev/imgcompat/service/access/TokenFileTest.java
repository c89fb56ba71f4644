package dev.imgcompat.service.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.imgcompat.service.settings.InvalidSettingException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TokenFileTest {
  private final NewToken first = TokenFile.create("first", Role.READER);
  private final NewToken second = TokenFile.create("second@ci", Role.OPERATOR);
  private final AtomicLong clock = new AtomicLong();
  private Path file;

  @BeforeEach
  void place(@TempDir Path directory) {
    file = directory.resolve("tokens");
  }

  private TokenFile open(String... lines) throws IOException {
    write(lines);
    return TokenFile.open(file, clock::get);
  }

  private void write(String... lines) throws IOException {
    Files.writeString(file, String.join("\n", lines) + "\n");
  }

  private void later() {
    clock.addAndGet(Duration.ofSeconds(2).toNanos());
  }

  @Test
  void tokensAreFoundByThemselvesOnly() throws IOException {
    Tokens tokens = open("# comment", "", first.line(), "  " + second.line()).tokens();
    assertThat(tokens.find(first.token()).orElseThrow().name()).isEqualTo("first");
    assertThat(tokens.find(first.token()).orElseThrow().role()).isEqualTo(Role.READER);
    assertThat(tokens.find(second.token()).orElseThrow().role()).isEqualTo(Role.OPERATOR);
    assertThat(tokens.find(second.token() + "x")).isEmpty();
    assertThat(tokens.find("")).isEmpty();
    assertThat(tokens.find("x".repeat(100_000))).isEmpty();
  }

  @Test
  void newTokensAreLongAndNowhereInTheirLine() {
    NewToken other = TokenFile.create("first", Role.READER);
    assertThat(first.token()).matches("imgcompat_[A-Za-z0-9_-]{43}").isNotEqualTo(other.token());
    assertThat(first.line()).matches("first reader [0-9a-f]{32} [0-9a-f]{64}");
    assertThat(first.line()).isNotEqualTo(other.line()).doesNotContain(first.token());
    assertThat(first.toString()).doesNotContain(first.token());
    assertThatThrownBy(() -> TokenFile.create("a b", Role.READER))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aChangeHoldsWithinASecondOrSo() throws IOException {
    TokenFile tokens = open(first.line());
    write(first.line(), second.line());
    assertThat(tokens.tokens().find(second.token())).isEmpty();
    later();
    assertThat(tokens.tokens().find(second.token())).isPresent();
    write(second.line());
    later();
    assertThat(tokens.tokens().find(first.token())).isEmpty();
  }

  @Test
  void aFileThatTookThePlaceOfAnotherIsSeen() throws IOException {
    TokenFile tokens = open(TokenFile.create("x", Role.READER).line());
    var modified = Files.getLastModifiedTime(file);
    Path other = Files.writeString(file.resolveSibling("new"), "");
    NewToken same = TokenFile.create("y", Role.READER);
    Files.writeString(other, same.line() + "\n");
    Files.setLastModifiedTime(other, modified);
    Files.move(other, file, StandardCopyOption.ATOMIC_MOVE);
    later();
    assertThat(tokens.tokens().find(same.token())).isPresent();
  }

  @Test
  void aFileThatGotDamagedOrLostChangesNothing() throws IOException {
    TokenFile tokens = open(first.line());
    write("nonsense");
    later();
    assertThat(tokens.tokens().find(first.token())).isPresent();
    Files.delete(file);
    later();
    assertThat(tokens.tokens().find(first.token())).isPresent();
    write(second.line());
    later();
    assertThat(tokens.tokens().find(first.token())).isEmpty();
    assertThat(tokens.tokens().find(second.token())).isPresent();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "a reader|line 2: has 2 words: write NAME ROLE SALT HASH",
        "a king 00 00|line 2: the role is neither reader nor operator",
        "a/b reader 00 00|line 2: the name is 'a/b': write letters, digits and _ . @ -",
        "a reader 00 00|line 2: the salt is not 32 hexadecimal digits in lower case"
      })
  void aDamagedFileIsRefusedAtTheStart(String line, String message) {
    assertThatThrownBy(() -> open("# tokens", line))
        .isInstanceOf(InvalidSettingException.class)
        .hasMessage("imgcompat.access.tokens: " + file + " " + message);
  }

  @Test
  void theHashIsNotQuoted() {
    assertThatThrownBy(() -> open("a reader " + "0".repeat(32) + " secrethash"))
        .hasMessageContaining("the hash is not 64")
        .hasMessageNotContaining("secrethash");
  }

  @Test
  void aNameIsThereOnce() {
    assertThatThrownBy(() -> open(first.line(), first.line()))
        .hasMessageEndingWith("line 2: the name first is there already");
  }

  @Test
  void aFileThatIsNotThereIsSaidNotToBe() {
    assertThatThrownBy(() -> TokenFile.open(file))
        .hasMessage("imgcompat.access.tokens: " + file + " does not exist");
  }
}
