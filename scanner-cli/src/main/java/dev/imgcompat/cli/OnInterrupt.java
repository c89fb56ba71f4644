package dev.imgcompat.cli;

/** Does something if the process is told to end, by Ctrl-C for one, until that is over. */
final class OnInterrupt {
  private final Thread hook;

  private OnInterrupt(Thread hook) {
    this.hook = hook;
  }

  /** Does this, and what it started itself is ended, too. */
  static OnInterrupt run(Runnable ending) {
    Thread hook =
        new Thread(
            () -> {
              ProcessHandle.current().descendants().forEach(ProcessHandle::destroyForcibly);
              ending.run();
            },
            "on-interrupt");
    Runtime.getRuntime().addShutdownHook(hook);
    return new OnInterrupt(hook);
  }

  /** Does not do it any more. */
  void remove() {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // It is being run.
    }
  }
}
