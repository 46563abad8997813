package dev.leasehold.custodian.revoke;

import dev.leasehold.core.bytes.Hash;
import dev.leasehold.core.bytes.Id;
import dev.leasehold.core.dsse.Bundle;
import dev.leasehold.core.dsse.Signed;
import dev.leasehold.core.lease.Bundles;
import dev.leasehold.core.lease.Command;
import dev.leasehold.core.lease.LeaseState;
import dev.leasehold.core.lease.Order;
import dev.leasehold.core.lease.Statements;
import dev.leasehold.core.lease.Target;
import dev.leasehold.custodian.key.CustodianKeys;
import dev.leasehold.custodian.store.CommandRows;
import dev.leasehold.custodian.store.LeaseRow;
import dev.leasehold.custodian.store.Tx;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Tells enclaves what to do: recorded with its cause, then pushed and attached to replies. */
public final class Commands {
  private static final int MOST_REASON = 64;

  /** A command as it travels, opened far enough to know whom it is for. */
  public record Item(Command command, Bundles.CommandItem wire) {
    public boolean isFor(Id instance) {
      return command.instanceId().covers(instance);
    }
  }

  private final CustodianKeys keys;
  private final CommandHub hub;

  public Commands(CustodianKeys keys, CommandHub hub) {
    this.keys = keys;
    this.hub = hub;
  }

  /**
   * Issues the lease's next command.
   *
   * @return the lease with its new {@code cseq}, which the caller saves
   */
  public LeaseRow issue(
      Tx tx,
      LeaseRow lease,
      Target target,
      Command.Type type,
      String reason,
      Optional<Signed<Order>> order) {
    long cseq = lease.cseq() + 1;
    Optional<Hash> orderHash = order.map(Signed::hash);
    Signed<Command> command =
        keys.sign(
            Statements.COMMAND,
            new Command(
                lease.leaseId(),
                target,
                cseq,
                type,
                shortened(reason),
                orderHash,
                lease.epoch(),
                lease.incarnation(),
                List.of(),
                tx.logRef(),
                tx.now()));
    Bundles.CommandItem item =
        new Bundles.CommandItem(command.envelope(), order.map(Signed::envelope));
    tx.log().add(command);
    tx.commands()
        .insert(
            lease.leaseId(),
            new CommandRows.Row(cseq, Bundle.text(Bundles.CommandItem.class, item)));
    tx.afterCommit(() -> hub.announce(lease.leaseId(), cseq));
    return lease.withCseq(cseq);
  }

  /** The commands for one instance after {@code cseq}, in order. */
  public static List<Item> after(Tx tx, Id lease, Id instance, long cseq) {
    return above(tx, lease, cseq).filter(i -> i.isFor(instance)).toList();
  }

  /** The commands of a lease above one {@code cseq}, up to another, in order. */
  public static List<Item> between(Tx tx, Id lease, long above, long last) {
    return above(tx, lease, above).filter(i -> i.command.cseq() <= last).toList();
  }

  /** All commands of a lease, in order. */
  public static List<Bundles.CommandItem> all(Tx tx, Id lease) {
    return above(tx, lease, 0).map(Item::wire).toList();
  }

  /** Whether a lease can be in this state after the commands it was given. */
  public static boolean allow(Tx tx, Id lease, LeaseState state) {
    LeaseState told = LeaseState.ACTIVE;
    for (Item i : above(tx, lease, 0).toList()) {
      if (i.command.instanceId().equals(Target.ALL)) {
        told = told.after(i.command.type());
      }
    }
    return switch (told) {
      case REVOKED -> state.isTerminal();
      case SUSPENDED -> state != LeaseState.ACTIVE;
      case ACTIVE, DRAFT, EXPIRED, SETTLED -> true;
    };
  }

  private static Stream<Item> above(Tx tx, Id lease, long cseq) {
    return tx.commands().after(lease, cseq).stream().map(Commands::read);
  }

  private static Item read(CommandRows.Row row) {
    Bundles.CommandItem item = Bundle.parseStored(Bundles.CommandItem.class, row.body());
    return new Item(Statements.COMMAND.decodeStored(item.command()), item);
  }

  private static String shortened(String reason) {
    String ascii = reason.replaceAll("[^\\x20-\\x7e]", "?");
    return ascii.substring(0, Math.min(ascii.length(), MOST_REASON));
  }
}
