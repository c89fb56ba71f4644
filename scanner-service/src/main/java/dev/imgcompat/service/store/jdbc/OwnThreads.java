package dev.imgcompat.service.store.jdbc;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Supplier;

/**
 * Threads for what nobody may interrupt: a thread that is interrupted while H2 writes closes the
 * whole database. Who is interrupted meanwhile is so afterwards.
 */
final class OwnThreads implements AutoCloseable {
  private final ExecutorService threads = Executors.newCachedThreadPool(OwnThread::new);

  private static final class OwnThread extends Thread {
    OwnThread(Runnable task) {
      super(task, "store");
      setDaemon(true);
    }
  }

  /** Does it in such a thread, and waits for it; what is called within it stays in it. */
  <T> T call(Supplier<T> task) {
    if (Thread.currentThread() instanceof OwnThread) {
      return task.get();
    }
    Future<T> future = threads.submit(task::get);
    boolean interrupted = false;
    try {
      while (true) {
        try {
          return future.get();
        } catch (InterruptedException e) {
          interrupted = true;
        } catch (ExecutionException e) {
          throw e.getCause() instanceof RuntimeException failure
              ? failure
              : new IllegalStateException(e.getCause());
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  @Override
  public void close() {
    threads.shutdown();
  }
}
