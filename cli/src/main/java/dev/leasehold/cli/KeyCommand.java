package dev.leasehold.cli;

import dev.leasehold.core.dsse.Ed25519Signer;
import dev.leasehold.core.dsse.KeyRecord;
import dev.leasehold.core.json.Codec;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code leasehold key}: the keys of people, and of a borrower's relay. */
@Command(
    name = "key",
    description = "Makes and shows signing keys.",
    subcommands = {KeyCommand.New.class, KeyCommand.Show.class})
final class KeyCommand {

  @Command(name = "new", description = "Makes an Ed25519 key: FILE (private) and FILE.pub.")
  static final class New implements Callable<Integer> {
    @Option(names = "--out", required = true, description = "where the private key goes")
    private Path out;

    @Override
    public Integer call() throws CliFailure {
      Ed25519Signer key = Ed25519Signer.generate(new SecureRandom());
      LocalFiles.writePrivateKey(out, key);
      Path pub = Path.of(out + ".pub");
      LocalFiles.write(pub, PrettyJson.write(Codec.of(KeyRecord.class).encode(key.key())));
      Console console = Console.standard();
      console.fact("keyid", key.key().keyid());
      console.fact("private key", out + "  (mode 0600; keep it offline)");
      console.fact("public key", pub);
      return 0;
    }
  }

  @Command(name = "show", description = "Shows the keyid of a public key file.")
  static final class Show implements Callable<Integer> {
    @Parameters(paramLabel = "FILE", description = "a .pub file")
    private Path file;

    @Override
    public Integer call() throws CliFailure {
      Console.standard().fact("keyid", LocalFiles.readPublicKey(file).keyid());
      return 0;
    }
  }
}
