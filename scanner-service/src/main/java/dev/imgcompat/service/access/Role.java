package dev.imgcompat.service.access;

/** What whoever shows a token may do. */
public enum Role {
  /** Read. */
  READER,
  /** Read, and cause what pulls from registries or writes. */
  OPERATOR
}
