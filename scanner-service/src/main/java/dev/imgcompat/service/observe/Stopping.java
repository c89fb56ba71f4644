package dev.imgcompat.service.observe;

import org.springframework.context.ApplicationListener;
import org.springframework.context.event.ContextClosedEvent;

/** Knows when the service was told to stop: from then on no request should be sent here. */
final class Stopping implements ApplicationListener<ContextClosedEvent> {
  private volatile boolean begun;

  @Override
  public void onApplicationEvent(ContextClosedEvent event) {
    begun = true;
  }

  String check() {
    if (begun) {
      throw new IllegalStateException("the service is stopping: no more are taken");
    }
    return "are taken";
  }
}
