package dev.imgcompat.service;

import org.springframework.boot.SpringBootExceptionReporter;

/** Keeps Boot from logging, with a stack, what {@link Main} says in one line. */
final class QuietStartFailure implements SpringBootExceptionReporter {
  @Override
  public boolean reportException(Throwable failure) {
    return StartFailure.line(failure).isPresent();
  }
}
