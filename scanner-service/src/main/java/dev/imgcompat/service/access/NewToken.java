package dev.imgcompat.service.access;

/**
 * A token that was just made.
 *
 * @param token what whoever gets it shows; kept nowhere
 * @param line what goes into the file of tokens
 */
public record NewToken(String token, String line) {
  /** Without the token. */
  @Override
  public String toString() {
    return "NewToken[" + line + "]";
  }
}
