package dev.leasehold.consumer.http;

import com.sun.net.httpserver.HttpExchange;
import dev.leasehold.consumer.ask.Answer;
import dev.leasehold.core.bytes.Bytes;
import java.io.IOException;

/** An answer that is sent when all of it is proven. */
final class PlainAnswer {
  private PlainAnswer() {}

  static void send(HttpExchange exchange, Answer answer, String contentType)
      throws IOException, ApiError {
    switch (answer) {
      case Answer.Refused(Bytes error) -> throw ApiError.ofEnclave(error);
      case Answer.Charged charged -> {
        Http.receipt(exchange, charged.receipt().hash());
        if (charged.error().isPresent()) {
          throw ApiError.ofEnclave(charged.error().get());
        }
        Http.send(exchange, 200, contentType, charged.body().toArray());
      }
    }
  }
}
