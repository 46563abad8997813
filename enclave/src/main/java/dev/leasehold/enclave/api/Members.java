package dev.leasehold.enclave.api;

import dev.leasehold.core.json.Json;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/** Members of a client's JSON object, read with errors that name them; null counts as absent. */
final class Members {
  private final String path;
  private final Json.Obj object;

  /** Reads {@code object}; {@code path} is put before names in errors. */
  Members(String path, Json.Obj object) {
    this.path = path;
    this.object = object;
  }

  static Members of(String path, Json value) throws ApiError {
    if (value instanceof Json.Obj obj) {
      return new Members(path + ".", obj);
    }
    throw expected(path, "an object", value);
  }

  String path(String name) {
    return path + name;
  }

  Optional<Json> get(String name) {
    return object.get(name).filter(value -> !(value instanceof Json.Null));
  }

  String requireString(String name) throws ApiError {
    Json value = require(name, "a string");
    if (value instanceof Json.Str(String s)) {
      return s;
    }
    throw expected(path(name), "a string", value);
  }

  List<Json> requireArray(String name) throws ApiError {
    Json value = require(name, "an array");
    if (value instanceof Json.Arr(List<Json> items)) {
      return items;
    }
    throw expected(path(name), "an array", value);
  }

  boolean isTrue(String name) throws ApiError {
    Optional<Json> value = get(name);
    if (value.isEmpty()) {
      return false;
    }
    if (value.get() instanceof Json.Bool(boolean b)) {
      return b;
    }
    throw expected(path(name), "true or false", value.get());
  }

  OptionalLong whole(String name, long least, long most) throws ApiError {
    Optional<Json> value = get(name);
    if (value.isEmpty()) {
      return OptionalLong.empty();
    }
    if (value.get() instanceof Json.Int(long n) && n >= least && n <= most) {
      return OptionalLong.of(n);
    }
    throw expected(path(name), "a whole number from " + least + " to " + most, value.get());
  }

  OptionalDouble number(String name, double least, double most) throws ApiError {
    Optional<Json> value = get(name);
    if (value.isEmpty()) {
      return OptionalDouble.empty();
    }
    OptionalDouble number = numberOf(value.get());
    if (number.isPresent() && number.getAsDouble() >= least && number.getAsDouble() <= most) {
      return number;
    }
    throw expected(path(name), "a number from " + least + " to " + most, value.get());
  }

  /** What is asked for would change the answer in a way this enclave cannot. */
  void refuseUnless(String name, Json... neutral) throws ApiError {
    Optional<Json> value = get(name);
    if (value.isPresent() && !List.of(neutral).contains(value.get())) {
      throw ApiError.invalid(path(name), path(name) + ": not supported here; leave it out");
    }
  }

  static OptionalDouble numberOf(Json value) {
    return switch (value) {
      case Json.Int(long n) -> OptionalDouble.of((double) n);
      case Json.Real(double d) -> OptionalDouble.of(d);
      default -> OptionalDouble.empty();
    };
  }

  static ApiError expected(String path, String expected, Json found) {
    return ApiError.invalid(path, path + ": expected " + expected + ", found " + kind(found));
  }

  private Json require(String name, String expected) throws ApiError {
    Optional<Json> value = get(name);
    if (value.isEmpty()) {
      throw ApiError.invalid(path(name), path(name) + ": expected " + expected + ", found none");
    }
    return value.get();
  }

  private static String kind(Json value) {
    return switch (value) {
      case Json.Obj o -> "an object";
      case Json.Arr a -> "an array";
      case Json.Str s -> "a string";
      case Json.Int(long n) -> Long.toString(n);
      case Json.Real(double d) -> Double.toString(d);
      case Json.Bool(boolean b) -> Boolean.toString(b);
      case Json.Null n -> "null";
    };
  }
}
