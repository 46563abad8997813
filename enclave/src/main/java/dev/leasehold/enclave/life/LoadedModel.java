package dev.leasehold.enclave.life;

import dev.leasehold.enclave.api.Model;

/** A model that is ready to serve, and how its work ends and its memory is overwritten. */
record LoadedModel(Model model) {
  /** Ends all work; afterwards no step runs. */
  void stop() {
    switch (model) {
      case Model.Llm(var service) -> service.stop();
      case Model.Onnx(var service) -> service.stop();
    }
  }

  /** Overwrites weights and contexts. */
  void wipe() {
    switch (model) {
      case Model.Llm(var service) -> service.close();
      case Model.Onnx(var service) -> service.close();
    }
  }
}
