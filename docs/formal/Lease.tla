------------------------------- MODULE Lease -------------------------------
(* Bounded model of the lease / budget / off-switch protocol.

   The borrower's host is the scheduler, the relay and the network: messages live
   in the set `net` and are never removed, so they may be delayed, dropped (= never
   delivered), duplicated, reordered and replayed.  The host may boot any number
   of copies (the pool Inst), kill any of them at any time, freeze any of them
   (= not schedule it) and advance or hold back real time `now`.
   Enclaves have NO persistent state: a killed enclave never comes back under
   the same identity.
   The custodian's database may be restored from a backup; the anchor file (P1) or
   the witnesses (P2) remember that the ledger had moved on.

   Names in protocol.md: alw = allow, use = charged/used, res = reserved,
   fin = final, hb = heartbeat, att = evidence, ep = epoch.
   One component of the budget vector is modelled; the four are independent.
   TakeFinal accepts more than the design does (any seq), which is the safe side; the
   design's own rule is Accept, and Closable says that it never shuts out a stopped enclave.
   A final that carries the unanswered heartbeat has kind "finu".
   Not modelled, because they only add ways to stop or to go on under a new epoch:
   suspend and resume, re-attestation.

   Every check of the design is a Boolean constant; setting one to FALSE must
   produce a counterexample (see README.md). *)
EXTENDS Naturals, FiniteSets, TLC

CONSTANTS Inst,      \* pool of enclave identities (one per boot)
          B,         \* lease budget, tokens
          T,         \* tranche, tokens
          Q,         \* telemetry quantum: a heartbeat reports use rounded to a multiple of Q
          EMax,      \* exposure cap: granted-but-unreported tokens, all instances
          TTL,       \* validity of one grant, ticks
          MaxNow, MaxSeq,
          TrustedTime, WithRestore, WithRecall, WithFence,
          CkReserve,        \* custodian: reserved + delta <= B, in the same transaction
          CkTranche,        \* custodian: allowance <= reported + T
          CkExposure,       \* custodian: sum of unreported allowance <= EMax
          CkEpoch,          \* custodian: instance attested under the current epoch
          CkBind,           \* enclave: grant is addressed to my own attested key
          CkFresh,          \* enclave: grant.seq is the one I asked for
          CkAbsolute,       \* grants carry an absolute cumulative limit, not "+n"
          CkSeq,            \* custodian: heartbeat.seq = last + 1
          CkNoRefundFence,  \* custodian: an instance lost without a final statement is written off
          CkStopFirst,      \* enclave: stop, then sign the final statement
          CkSendTime,       \* enclave: TTL counted from when the request was sent
          CkAnchor,         \* custodian: after a restore, compare with the anchor (P1) / witnesses (P2)
          CkExpoFenced,     \* custodian: silent (fenced) instances still count as exposure
          CkState,          \* custodian: no new room unless the lease is active, in the same transaction
          CkRoundDown,      \* enclave: reported use is rounded down, never up
          CkHalt,           \* custodian: a heartbeat under a revoked lease is answered by mode STOP, which renews nothing
          CkUnanswered      \* final: the heartbeat sent but not answered travels with it

VARIABLES lease, db, enc, net, now, bak, anc, h
vars == <<lease, db, enc, net, now, bak, anc, h>>

Min(a,b) == IF a < b THEN a ELSE b
Max(a,b) == IF a > b THEN a ELSE b
Sub(a,b) == IF a > b THEN a - b ELSE 0
RECURSIVE SumF(_,_)
SumF(f,S) == IF S = {} THEN 0 ELSE LET x == CHOOSE y \in S : TRUE IN f[x] + SumF(f, S \ {x})

\* unresolved = granted to and not (provably) closed
Expo(d) == SumF([i \in Inst |-> IF d[i].st \in (IF CkExpoFenced THEN {"active","fenced"} ELSE {"active"}) THEN Sub(d[i].alw, d[i].use) ELSE 0], Inst)

Msg(k,i,ep,seq,v) == [k |-> k, i |-> i, ep |-> ep, seq |-> seq, v |-> v]
Dirty == anc' = (anc \/ bak # <<>>)     \* the ledger has moved past the backup, and the anchor knows

Init ==
  /\ lease = [st |-> "active", ep |-> 0, res |-> 0]
  /\ db = [i \in Inst |-> [st |-> "none", ep |-> 0, seq |-> 0, alw |-> 0, use |-> 0]]
  /\ enc = [i \in Inst |-> [st |-> "off", ep |-> 0, seq |-> 0, alw |-> 0, use |-> 0, dl |-> 0, req |-> 0, pend |-> FALSE]]
  /\ net = {} /\ now = 0 /\ bak = <<>> /\ anc = FALSE
  /\ h = [rev |-> FALSE, revAt |-> 0, after |-> 0, late |-> FALSE, rec |-> 0, stale |-> 0]

--------------------------------------------------------------------------
(* Enclave and host *)
Boot(i) ==   \* evidence with a custodian nonce leaves the enclave
  /\ enc[i].st = "off"
  /\ enc' = [enc EXCEPT ![i].st = "att", ![i].req = now]
  /\ net' = net \cup {Msg("att", i, lease.ep, 0, 0)}
  /\ UNCHANGED <<lease, db, now, bak, anc, h>>

Kill(i) ==
  /\ enc[i].st \in {"att","run"}
  /\ enc' = [enc EXCEPT ![i].st = "dead"]
  /\ UNCHANGED <<lease, db, net, now, bak, anc, h>>

TakeGrant(i, m) ==
  /\ m.k = "grant" /\ enc[i].st \in {"att","run"}
  /\ (CkBind => m.i = i)
  /\ (CkFresh => m.seq = (IF enc[i].st = "att" THEN 0 ELSE enc[i].seq + 1))
  /\ LET a == IF CkAbsolute THEN Max(enc[i].alw, m.v) ELSE Min(enc[i].alw + m.v, B + 2)
     IN enc' = [enc EXCEPT ![i] = [@ EXCEPT !.st = "run", !.ep = (IF enc[i].st = "att" THEN m.ep ELSE @), !.seq = m.seq, !.alw = a, !.pend = FALSE,
                                            !.dl = (IF CkSendTime THEN enc[i].req ELSE now) + TTL]]
  /\ enc' # enc
  /\ UNCHANGED <<lease, db, net, now, bak, anc, h>>

TakeHalt(i, m) ==   \* a grant with mode STOP: no new allowance, no new deadline; stop, then sign
  /\ m.k = "halt" /\ m.i = i /\ enc[i].st = "run" /\ m.seq = enc[i].seq + 1
  /\ enc' = [enc EXCEPT ![i].st = "stop"]
  /\ net' = net \cup {Msg("fin", i, enc[i].ep, m.seq + 1, enc[i].use)}
  /\ UNCHANGED <<lease, db, now, bak, anc, h>>

Serve(i) ==   \* one token; charged before the work
  /\ enc[i].st = "run" /\ enc[i].use < enc[i].alw
  /\ (TrustedTime => now <= enc[i].dl)
  /\ enc' = [enc EXCEPT ![i].use = @ + 1]
  /\ h' = [h EXCEPT !.after = IF h.rev THEN @ + 1 ELSE @,
                    !.late  = @ \/ (h.rev /\ now > h.revAt + TTL),
                    !.stale = IF h.rec > enc[i].ep THEN @ + 1 ELSE @]
  /\ UNCHANGED <<lease, db, net, now, bak, anc>>

Reported(i) == IF CkRoundDown THEN (enc[i].use \div Q) * Q
               ELSE Min(enc[i].alw, ((enc[i].use + Q - 1) \div Q) * Q)

Beat(i) ==
  /\ enc[i].st = "run" /\ ~enc[i].pend /\ enc[i].seq < MaxSeq
  /\ enc' = [enc EXCEPT ![i].pend = TRUE, ![i].req = now]
  /\ net' = net \cup {Msg("hb", i, enc[i].ep, enc[i].seq + 1, Reported(i))}
  /\ UNCHANGED <<lease, db, now, bak, anc, h>>

Finish(i) ==   \* obey a stop command, or the dead-man's switch, or a polite shutdown
  /\ enc[i].st = "run"
  /\ enc' = [enc EXCEPT ![i].st = IF CkStopFirst THEN "stop" ELSE @]
  /\ net' = net \cup {Msg(IF enc[i].pend /\ CkUnanswered THEN "finu" ELSE "fin", i, enc[i].ep,
                         enc[i].seq + (IF enc[i].pend THEN 2 ELSE 1), enc[i].use)}
  /\ UNCHANGED <<lease, db, now, bak, anc, h>>

Tick == /\ now < MaxNow /\ now' = now + 1
        /\ UNCHANGED <<lease, db, enc, net, bak, anc, h>>

--------------------------------------------------------------------------
(* Custodian: each action is one serialisable transaction; the reply leaves
   only after the commit. *)
Room(d, l, cur) ==   \* how many more tokens may be promised
  Min(IF CkReserve THEN Sub(B, l.res) ELSE B, IF CkExposure THEN Sub(EMax, Expo(d)) ELSE B)

Enrol(m) ==
  /\ m.k = "att" /\ lease.st = "active" /\ db[m.i].st = "none" /\ m.ep = lease.ep
  /\ LET g == Min(IF CkTranche THEN T ELSE B, Room(db, lease, 0)) IN
     /\ g > 0
     /\ db' = [db EXCEPT ![m.i] = [st |-> "active", ep |-> lease.ep, seq |-> 0, alw |-> g, use |-> 0]]
     /\ lease' = [lease EXCEPT !.res = @ + g]
     /\ net' = net \cup {Msg("grant", m.i, lease.ep, 0, g)}
  /\ Dirty /\ UNCHANGED <<enc, now, bak, h>>

TakeBeat(m) ==
  /\ m.k = "hb" /\ lease.st \in {"active","revoked"} /\ db[m.i].st = "active"
  /\ (CkEpoch => db[m.i].ep = lease.ep)
  /\ (CkSeq => m.seq = db[m.i].seq + 1)
  /\ LET i  == m.i
         d1 == [db EXCEPT ![i].use = m.v, ![i].seq = m.seq]
         w  == Sub(m.v + (IF CkTranche THEN T ELSE B), db[i].alw)
         g  == IF CkState /\ lease.st # "active" THEN 0 ELSE Min(w, Room(d1, lease, 0))
     IN /\ db' = [d1 EXCEPT ![i].alw = @ + g]
        /\ lease' = [lease EXCEPT !.res = @ + g]
        /\ net' = net \cup {Msg(IF CkHalt /\ CkState /\ lease.st # "active" THEN "halt" ELSE "grant",
                                i, lease.ep, m.seq, IF CkAbsolute THEN db[i].alw + g ELSE g)}
  /\ Dirty /\ UNCHANGED <<enc, now, bak, h>>

\* the design's rule: seq = last+1; or the unanswered heartbeat is last+1 and the final last+2
Accept(m) == m.seq = db[m.i].seq + 1 \/ (m.k = "finu" /\ m.seq = db[m.i].seq + 2)

TakeFinal(m) ==  \* signed "I have stopped, I used v": refund the rest
  /\ m.k \in {"fin","finu"} /\ db[m.i].st \in {"active","fenced"}
  /\ lease' = [lease EXCEPT !.res = Sub(@, Sub(db[m.i].alw, m.v))]
  /\ db' = [db EXCEPT ![m.i] = [@ EXCEPT !.st = "closed", !.use = m.v, !.alw = m.v]]
  /\ Dirty /\ UNCHANGED <<enc, net, now, bak, h>>

Fence(i) ==      \* the instance has gone silent; free its slot
  /\ WithFence /\ db[i].st = "active"
  /\ db' = [db EXCEPT ![i].st = IF CkNoRefundFence THEN "fenced" ELSE "closed"]
  /\ lease' = IF CkNoRefundFence THEN lease ELSE [lease EXCEPT !.res = Sub(@, Sub(db[i].alw, db[i].use))]
  /\ Dirty /\ UNCHANGED <<enc, net, now, bak, h>>

Revoke ==
  /\ lease.st = "active" /\ ~h.rev
  /\ lease' = [lease EXCEPT !.st = "revoked"]
  /\ h' = [h EXCEPT !.rev = TRUE, !.revAt = now]
  /\ Dirty /\ UNCHANGED <<db, enc, net, now, bak>>

Recall ==        \* new policy epoch (a measurement or a TCB level was withdrawn)
  /\ WithRecall /\ lease.st = "active" /\ h.rec = 0
  /\ lease' = [lease EXCEPT !.ep = @ + 1]
  /\ h' = [h EXCEPT !.rec = lease.ep + 1]
  /\ Dirty /\ UNCHANGED <<db, enc, net, now, bak>>

Backup ==
  /\ WithRestore /\ bak = <<>>
  /\ bak' = <<lease, db>> /\ anc' = FALSE
  /\ UNCHANGED <<lease, db, enc, net, now, h>>

Restore ==
  /\ WithRestore /\ bak # <<>>
  /\ db' = bak[2]
  /\ lease' = IF CkAnchor /\ anc THEN [bak[1] EXCEPT !.st = "frozen"] ELSE bak[1]
  /\ UNCHANGED <<enc, net, now, bak, anc, h>>

Next ==
  \/ \E i \in Inst : Boot(i) \/ Kill(i) \/ Serve(i) \/ Beat(i) \/ Finish(i) \/ Fence(i)
  \/ \E i \in Inst, m \in net : TakeGrant(i, m) \/ TakeHalt(i, m)
  \/ \E m \in net : Enrol(m) \/ TakeBeat(m) \/ TakeFinal(m)
  \/ Revoke \/ Recall \/ Tick \/ Backup \/ Restore

Spec == Init /\ [][Next]_vars

--------------------------------------------------------------------------
Served == SumF([i \in Inst |-> enc[i].use], Inst)
BudgetSafe   == Served <= B                            \* Theorem 1
OffSwitch    == h.after <= EMax                        \* Theorem 2 (no clock)
StaleSafe    == h.stale <= EMax                        \* recall: old-epoch enclaves run dry
TimeSafe     == TrustedTime => ~h.late                 \* Theorem 3 (bounded-drift clock)
NeverLate    == ~h.late                                \* false without a clock: the impossibility result
LedgerBelow  == \A i \in Inst : db[i].use <= enc[i].use          \* the custodian never over-charges
ClosedTruth  == \A i \in Inst : db[i].st = "closed" => enc[i].st # "run" /\ db[i].use = enc[i].use
LocalSafe    == \A i \in Inst : enc[i].use <= enc[i].alw
Closable     == \A m \in net : m.k \in {"fin","finu"} /\ db[m.i].st \in {"active","fenced"} /\ bak = <<>> => Accept(m)
LedgerGrows  == [][(\A i \in Inst : db'[i].use >= db[i].use) \/ (bak # <<>> /\ db' = bak[2])]_vars
Symm == Permutations(Inst)
============================================================================
