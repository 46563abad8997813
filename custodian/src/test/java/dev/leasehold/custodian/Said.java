package dev.leasehold.custodian;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.slf4j.LoggerFactory;

/** What a class tells its log while a test listens. */
public final class Said extends AppenderBase<ILoggingEvent> implements AutoCloseable {
  private final List<ILoggingEvent> events = new CopyOnWriteArrayList<>();
  private final Logger logger;

  public Said(Class<?> by) {
    this.logger = (Logger) LoggerFactory.getLogger(by);
    start();
    logger.addAppender(this);
  }

  public List<ILoggingEvent> events() {
    return List.copyOf(events);
  }

  /** Level and words of each message. */
  public List<String> lines() {
    return events.stream().map(e -> e.getLevel() + " " + e.getFormattedMessage()).toList();
  }

  /** Starts afresh. */
  public void forget() {
    events.clear();
  }

  @Override
  protected void append(ILoggingEvent event) {
    events.add(event);
  }

  @Override
  public void close() {
    logger.detachAppender(this);
  }
}
