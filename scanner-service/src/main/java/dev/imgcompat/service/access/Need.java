package dev.imgcompat.service.access;

/** What an endpoint asks of whoever calls it. */
enum Need {
  /** Nothing, whatever the settings are: it says nothing that is not in the sources. */
  NOTHING,
  /** What the settings say of reading: nothing, or the token of a reader. */
  READING,
  /** The token of an operator: it pulls from registries, or writes. */
  OPERATING
}
