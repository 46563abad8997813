package dev.leasehold.cli.demo;

import dev.leasehold.cli.demo.Story.Stage;
import java.nio.file.Path;
import java.util.List;

/** The borrower looks for the weights in everything it holds. */
final class Thief {
  private Thief() {}

  static void searches(Stage stage, Rental rental) throws Exception {
    World world = stage.world();
    Narrator n = world.narrator();
    n.chapter("The borrower searches everything it holds for the weights");
    n.say(
        "The package on its disk, the evidence its relay keeps, and a recording of every byte on"
            + " the wires between enclave, relay and custodian.");
    PlaintextSearch search = new PlaintextSearch(stage.model());
    n.claim(
        "the search works: it finds the plaintext in the owner's own file",
        !search.search(List.of(stage.model().getParent())).isEmpty());
    long own = search.bytesSearched();
    List<Path> found = search.search(List.of(world.path("sealed"), rental.folder()));
    n.fact("searched", (search.bytesSearched() - own) + " bytes at every position");
    n.fact("of the wire", rental.wireBytes() + " bytes");
    n.claim(
        "none of " + search.fingerprints() + " fingerprints of the weights is there",
        found.isEmpty());
  }
}
