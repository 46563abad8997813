-- The tables of protocol §8.3: one script for SQLite and PostgreSQL.
CREATE TABLE meta (k TEXT PRIMARY KEY, v TEXT NOT NULL);        -- 'incarnation', 'frozen' ('' or the reason), 'schema', 'relay_secret'
CREATE TABLE envelope (hash TEXT PRIMARY KEY, kind TEXT NOT NULL, body TEXT NOT NULL, received_at BIGINT NOT NULL);
CREATE TABLE lease (
  lease_id TEXT PRIMARY KEY, version BIGINT NOT NULL CHECK (version >= 1), envelope_hash TEXT NOT NULL UNIQUE REFERENCES envelope(hash),
  borrower_id TEXT NOT NULL, package_hash TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('DRAFT','ACTIVE','SUSPENDED','REVOKED','EXPIRED','SETTLED')),
  epoch BIGINT NOT NULL CHECK (epoch >= 1), incarnation BIGINT NOT NULL CHECK (incarnation >= 1),
  ver BIGINT NOT NULL CHECK (ver >= 1), cseq BIGINT NOT NULL CHECK (cseq >= 0),
  budget_rq BIGINT NOT NULL, budget_in BIGINT NOT NULL, budget_out BIGINT NOT NULL, budget_mf BIGINT NOT NULL,
  expmax_rq BIGINT NOT NULL, expmax_in BIGINT NOT NULL, expmax_out BIGINT NOT NULL, expmax_mf BIGINT NOT NULL,
  reserved_rq BIGINT NOT NULL, reserved_in BIGINT NOT NULL, reserved_out BIGINT NOT NULL, reserved_mf BIGINT NOT NULL,  -- sum of allow
  settled_rq BIGINT NOT NULL, settled_in BIGINT NOT NULL, settled_out BIGINT NOT NULL, settled_mf BIGINT NOT NULL,      -- proven used + written off
  residual_rq BIGINT NOT NULL, residual_in BIGINT NOT NULL, residual_out BIGINT NOT NULL, residual_mf BIGINT NOT NULL,  -- written off, for ever
  stop_rq BIGINT, stop_in BIGINT, stop_out BIGINT, stop_mf BIGINT,       -- reserved_* at the moment the lease left ACTIVE
  -- every counter is a whole number (SQLite's types alone would let text or fractions in)
  CHECK (budget_rq = CAST(budget_rq AS BIGINT) AND budget_rq BETWEEN 0 AND 9007199254740991), CHECK (budget_in = CAST(budget_in AS BIGINT) AND budget_in BETWEEN 0 AND 9007199254740991),
  CHECK (budget_out = CAST(budget_out AS BIGINT) AND budget_out BETWEEN 0 AND 9007199254740991), CHECK (budget_mf = CAST(budget_mf AS BIGINT) AND budget_mf BETWEEN 0 AND 9007199254740991),
  CHECK (expmax_rq = CAST(expmax_rq AS BIGINT) AND expmax_rq BETWEEN 0 AND 9007199254740991), CHECK (expmax_in = CAST(expmax_in AS BIGINT) AND expmax_in BETWEEN 0 AND 9007199254740991),
  CHECK (expmax_out = CAST(expmax_out AS BIGINT) AND expmax_out BETWEEN 0 AND 9007199254740991), CHECK (expmax_mf = CAST(expmax_mf AS BIGINT) AND expmax_mf BETWEEN 0 AND 9007199254740991),
  CHECK (reserved_rq = CAST(reserved_rq AS BIGINT) AND reserved_rq BETWEEN 0 AND 9007199254740991), CHECK (reserved_in = CAST(reserved_in AS BIGINT) AND reserved_in BETWEEN 0 AND 9007199254740991),
  CHECK (reserved_out = CAST(reserved_out AS BIGINT) AND reserved_out BETWEEN 0 AND 9007199254740991), CHECK (reserved_mf = CAST(reserved_mf AS BIGINT) AND reserved_mf BETWEEN 0 AND 9007199254740991),
  CHECK (settled_rq = CAST(settled_rq AS BIGINT) AND settled_rq BETWEEN 0 AND 9007199254740991), CHECK (settled_in = CAST(settled_in AS BIGINT) AND settled_in BETWEEN 0 AND 9007199254740991),
  CHECK (settled_out = CAST(settled_out AS BIGINT) AND settled_out BETWEEN 0 AND 9007199254740991), CHECK (settled_mf = CAST(settled_mf AS BIGINT) AND settled_mf BETWEEN 0 AND 9007199254740991),
  CHECK (residual_rq = CAST(residual_rq AS BIGINT) AND residual_rq BETWEEN 0 AND 9007199254740991), CHECK (residual_in = CAST(residual_in AS BIGINT) AND residual_in BETWEEN 0 AND 9007199254740991),
  CHECK (residual_out = CAST(residual_out AS BIGINT) AND residual_out BETWEEN 0 AND 9007199254740991), CHECK (residual_mf = CAST(residual_mf AS BIGINT) AND residual_mf BETWEEN 0 AND 9007199254740991),
  CHECK (stop_rq IS NULL OR (stop_rq = CAST(stop_rq AS BIGINT) AND stop_rq BETWEEN 0 AND 9007199254740991)), CHECK (stop_in IS NULL OR (stop_in = CAST(stop_in AS BIGINT) AND stop_in BETWEEN 0 AND 9007199254740991)),
  CHECK (stop_out IS NULL OR (stop_out = CAST(stop_out AS BIGINT) AND stop_out BETWEEN 0 AND 9007199254740991)), CHECK (stop_mf IS NULL OR (stop_mf = CAST(stop_mf AS BIGINT) AND stop_mf BETWEEN 0 AND 9007199254740991)),
  CHECK (version = CAST(version AS BIGINT) AND epoch = CAST(epoch AS BIGINT) AND incarnation = CAST(incarnation AS BIGINT) AND ver = CAST(ver AS BIGINT) AND cseq = CAST(cseq AS BIGINT)),
  -- Theorem 1: promised never exceeds the budget
  CHECK (settled_rq <= reserved_rq AND reserved_rq <= budget_rq), CHECK (settled_in <= reserved_in AND reserved_in <= budget_in),
  CHECK (settled_out <= reserved_out AND reserved_out <= budget_out), CHECK (settled_mf <= reserved_mf AND reserved_mf <= budget_mf),
  -- Theorem 2a: exposure (promised, not proven used) never exceeds the cap
  CHECK (reserved_rq - settled_rq <= expmax_rq), CHECK (reserved_in - settled_in <= expmax_in),
  CHECK (reserved_out - settled_out <= expmax_out), CHECK (reserved_mf - settled_mf <= expmax_mf),
  -- Theorem 2b: nothing more is promised once the lease is not ACTIVE
  CHECK ((state = 'ACTIVE') = (stop_rq IS NULL)), CHECK ((state = 'ACTIVE') = (stop_in IS NULL)),
  CHECK ((state = 'ACTIVE') = (stop_out IS NULL)), CHECK ((state = 'ACTIVE') = (stop_mf IS NULL)),
  CHECK (state = 'ACTIVE' OR (reserved_rq <= stop_rq AND reserved_in <= stop_in AND reserved_out <= stop_out AND reserved_mf <= stop_mf)),
  CHECK (state <> 'SETTLED' OR (reserved_rq = settled_rq AND reserved_in = settled_in AND reserved_out = settled_out AND reserved_mf = settled_mf)));
CREATE TABLE standing (kind TEXT NOT NULL, id TEXT NOT NULL, version BIGINT NOT NULL, hash TEXT NOT NULL REFERENCES envelope(hash), PRIMARY KEY (kind, id, version));
CREATE TABLE dek (dek_id TEXT PRIMARY KEY, package_hash TEXT NOT NULL UNIQUE REFERENCES envelope(hash), wrapped TEXT NOT NULL);   -- wrapped by KEK
CREATE TABLE platform (platform_id TEXT PRIMARY KEY, borrower_id TEXT NOT NULL, tee TEXT NOT NULL, tier TEXT NOT NULL CHECK (tier IN ('A','B','C')),
  state TEXT NOT NULL CHECK (state IN ('ALLOWED','QUARANTINED')));
CREATE TABLE instance (
  instance_id TEXT PRIMARY KEY, lease_id TEXT NOT NULL REFERENCES lease(lease_id), created_at BIGINT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('CHALLENGED','ACTIVE','FENCED','CLOSED','WRITTEN_OFF')),
  idempotency_key TEXT NOT NULL UNIQUE,
  ik TEXT UNIQUE, sk_hash TEXT UNIQUE, platform_id TEXT REFERENCES platform(platform_id), gpu_id TEXT,   -- ik, sk_hash: unique for all time
  slot BIGINT, max_active BIGINT NOT NULL, epoch BIGINT NOT NULL, seq BIGINT NOT NULL CHECK (seq >= 0), last_seen_at BIGINT,
  chain_hb TEXT, chain_grant TEXT, evidence_hash TEXT UNIQUE,            -- newest heartbeat (or enrolment evidence), grant, evidence
  allow_rq BIGINT NOT NULL, allow_in BIGINT NOT NULL, allow_out BIGINT NOT NULL, allow_mf BIGINT NOT NULL,
  used_rq BIGINT NOT NULL, used_in BIGINT NOT NULL, used_out BIGINT NOT NULL, used_mf BIGINT NOT NULL,
  CHECK (allow_rq = CAST(allow_rq AS BIGINT) AND allow_rq BETWEEN 0 AND 9007199254740991), CHECK (allow_in = CAST(allow_in AS BIGINT) AND allow_in BETWEEN 0 AND 9007199254740991),
  CHECK (allow_out = CAST(allow_out AS BIGINT) AND allow_out BETWEEN 0 AND 9007199254740991), CHECK (allow_mf = CAST(allow_mf AS BIGINT) AND allow_mf BETWEEN 0 AND 9007199254740991),
  CHECK (used_rq = CAST(used_rq AS BIGINT) AND used_rq BETWEEN 0 AND 9007199254740991), CHECK (used_in = CAST(used_in AS BIGINT) AND used_in BETWEEN 0 AND 9007199254740991),
  CHECK (used_out = CAST(used_out AS BIGINT) AND used_out BETWEEN 0 AND 9007199254740991), CHECK (used_mf = CAST(used_mf AS BIGINT) AND used_mf BETWEEN 0 AND 9007199254740991),
  CHECK (slot IS NULL OR slot = CAST(slot AS BIGINT)),
  CHECK (max_active = CAST(max_active AS BIGINT) AND epoch = CAST(epoch AS BIGINT) AND seq = CAST(seq AS BIGINT) AND created_at = CAST(created_at AS BIGINT)),
  CHECK (used_rq <= allow_rq), CHECK (used_in <= allow_in), CHECK (used_out <= allow_out), CHECK (used_mf <= allow_mf),
  CHECK (state = 'CHALLENGED' OR (ik IS NOT NULL AND sk_hash IS NOT NULL AND evidence_hash IS NOT NULL AND platform_id IS NOT NULL)),
  CHECK (state <> 'CHALLENGED' OR (allow_rq = 0 AND allow_in = 0 AND allow_out = 0 AND allow_mf = 0)),
  CHECK (state <> 'CLOSED' OR (allow_rq = used_rq AND allow_in = used_in AND allow_out = used_out AND allow_mf = used_mf)),
  CHECK (state <> 'ACTIVE' OR (slot IS NOT NULL AND slot >= 1 AND slot <= max_active)));
CREATE UNIQUE INDEX one_slot ON instance (lease_id, slot) WHERE state = 'ACTIVE';
CREATE UNIQUE INDEX one_gpu ON instance (gpu_id) WHERE state = 'ACTIVE';
CREATE INDEX instance_of_lease ON instance (lease_id, state);
CREATE INDEX instance_made ON instance (lease_id, created_at);
CREATE INDEX instance_on_platform ON instance (platform_id) WHERE state = 'ACTIVE';
CREATE TABLE challenge (nonce TEXT PRIMARY KEY, instance_id TEXT NOT NULL REFERENCES instance(instance_id), challenge_hash TEXT NOT NULL UNIQUE,
  epoch BIGINT NOT NULL, expires_at BIGINT NOT NULL, state TEXT NOT NULL CHECK (state IN ('OPEN','USED')));
CREATE INDEX challenge_of_instance ON challenge (instance_id);
CREATE TABLE attestation (evidence_hash TEXT PRIMARY KEY, instance_id TEXT NOT NULL REFERENCES instance(instance_id), epoch BIGINT NOT NULL,
  request TEXT NOT NULL, reply TEXT NOT NULL);   -- every accepted evidence: enrolment and re-attestations
CREATE INDEX attestation_of_instance ON attestation (instance_id, epoch);
CREATE TABLE exchange (instance_id TEXT NOT NULL REFERENCES instance(instance_id), seq BIGINT NOT NULL, req_hash TEXT NOT NULL,
  request TEXT NOT NULL, reply TEXT NOT NULL, PRIMARY KEY (instance_id, seq));   -- seq >= 1, the final last; reply '' = heartbeat recorded with a final
CREATE TABLE key_release (instance_id TEXT PRIMARY KEY REFERENCES instance(instance_id), body TEXT NOT NULL);
CREATE TABLE command (lease_id TEXT NOT NULL REFERENCES lease(lease_id), cseq BIGINT NOT NULL CHECK (cseq >= 1), body TEXT NOT NULL, PRIMARY KEY (lease_id, cseq));
CREATE TABLE log_entry (entry_hash TEXT PRIMARY KEY, idx BIGINT, body TEXT NOT NULL, added_at BIGINT NOT NULL,
  added BIGINT NOT NULL);   -- idx NULL until sequenced; added: order among those without idx
CREATE UNIQUE INDEX log_order ON log_entry (idx) WHERE idx IS NOT NULL;   -- two indexes, so that no planner takes NULLs for a place
CREATE INDEX log_pending ON log_entry (added, entry_hash) WHERE idx IS NULL;
CREATE TABLE log_tile (level BIGINT NOT NULL, n BIGINT NOT NULL, hashes TEXT NOT NULL, PRIMARY KEY (level, n));   -- 64 hex digits a hash, up to 256
CREATE TABLE log_checkpoint (size BIGINT PRIMARY KEY, root TEXT NOT NULL, note TEXT NOT NULL);
