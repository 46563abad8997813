package dev.leasehold.assembly;

import java.nio.file.Path;
import java.util.List;

/**
 * Where the parts of the program directory come from.
 *
 * @param jars the enclave's runtime class path
 * @param natives folder with native libraries that come in no jar; may be absent
 * @param nativesOrigin the package they were taken from
 * @param fixed folder with the files that are copied as they are
 */
record Sources(List<Path> jars, Path natives, String nativesOrigin, Path fixed) {}
