// Owns the tables of the embedded head office. A change after release is a new step at the end.

/** Applied in order; `user_version` counts how many a database has had. */
export const SCHEMA_STEPS: readonly string[] = [
  `
CREATE TABLE till (
  till_key INTEGER PRIMARY KEY,
  till_id TEXT NOT NULL UNIQUE,
  token_hash BLOB NOT NULL CHECK (length(token_hash) = 32),
  created_at_ms INTEGER NOT NULL
) STRICT;

CREATE TABLE admin (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  token_hash BLOB NOT NULL CHECK (length(token_hash) = 32)
) STRICT;

-- Everything up to cursor is stored; hash is the chain's hash there.
CREATE TABLE epoch (
  till_key INTEGER NOT NULL REFERENCES till,
  epoch INTEGER NOT NULL CHECK (epoch >= 1),
  from_seq INTEGER NOT NULL CHECK (from_seq >= 1),
  cursor INTEGER NOT NULL CHECK (cursor >= from_seq - 1),
  hash BLOB NOT NULL CHECK (length(hash) = 32),
  request_id TEXT NOT NULL,
  PRIMARY KEY (till_key, epoch),
  UNIQUE (till_key, request_id)
) STRICT, WITHOUT ROWID;

-- What the tills sent, byte for byte, never edited and never forgotten.
CREATE TABLE journal (
  journal_number INTEGER PRIMARY KEY,
  till_key INTEGER NOT NULL REFERENCES till,
  epoch INTEGER NOT NULL,
  seq INTEGER NOT NULL,
  entry_id TEXT,
  hash BLOB NOT NULL CHECK (length(hash) = 32),
  body TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('applied', 'duplicate', 'parked')),
  reason TEXT,
  received_at_ms INTEGER NOT NULL,
  UNIQUE (till_key, epoch, seq)
) STRICT;

-- One row an event, for ever: what makes a repeated entry count once.
CREATE TABLE entry (
  entry_id TEXT PRIMARY KEY,
  content_hash BLOB NOT NULL CHECK (length(content_hash) = 32),
  journal_number INTEGER NOT NULL REFERENCES journal
) STRICT, WITHOUT ROWID;

-- The five account columns are a projection of ledger_row; checkBooks compares them.
CREATE TABLE member (
  member_key INTEGER PRIMARY KEY,
  member_id TEXT NOT NULL UNIQUE,
  card_number TEXT NOT NULL UNIQUE,
  display_name TEXT NOT NULL,
  is_blocked INTEGER NOT NULL CHECK (is_blocked IN (0, 1)),
  issued INTEGER NOT NULL DEFAULT 0,
  redeemed INTEGER NOT NULL DEFAULT 0,
  adjusted INTEGER NOT NULL DEFAULT 0,
  avail INTEGER NOT NULL DEFAULT 0,
  rsv INTEGER NOT NULL DEFAULT 0 CHECK (rsv >= 0),
  change_number INTEGER NOT NULL UNIQUE
) STRICT;

CREATE TABLE ledger_row (
  row_number INTEGER PRIMARY KEY,
  -- Exactly one of the three says what the row came from.
  journal_number INTEGER REFERENCES journal,
  reservation_id TEXT,
  adjustment_key TEXT,
  line INTEGER NOT NULL,
  account_debit TEXT NOT NULL
    CHECK (account_debit IN ('issued', 'avail', 'rsv', 'redeemed', 'adjusted')),
  account_credit TEXT NOT NULL
    CHECK (account_credit IN ('issued', 'avail', 'rsv', 'redeemed', 'adjusted')),
  member_key INTEGER NOT NULL REFERENCES member,
  points INTEGER NOT NULL CHECK (points BETWEEN 0 AND 1000000000),
  kind TEXT NOT NULL CHECK (
    kind IN ('accrual', 'redemption', 'reversal', 'expiry', 'adjustment', 'reservation')
  ),
  rule TEXT NOT NULL,
  programme_version TEXT NOT NULL,
  why_key TEXT NOT NULL,
  why_args TEXT NOT NULL,
  CHECK (account_debit <> account_credit),
  CHECK ((journal_number IS NULL) + (reservation_id IS NULL) + (adjustment_key IS NULL) = 2)
) STRICT;
CREATE INDEX ledger_row_member ON ledger_row (member_key);

CREATE TABLE sale (
  entry_id TEXT PRIMARY KEY REFERENCES entry,
  till_key INTEGER NOT NULL REFERENCES till,
  member_key INTEGER REFERENCES member,
  receipt_number TEXT NOT NULL,
  total_minor INTEGER NOT NULL,
  currency TEXT NOT NULL,
  accrued INTEGER NOT NULL,
  redeemed INTEGER NOT NULL,
  voided_by TEXT REFERENCES entry
) STRICT, WITHOUT ROWID;

-- A void of an unknown id leaves a row without member: the tombstone that a late request meets.
CREATE TABLE reservation (
  reservation_id TEXT PRIMARY KEY,
  till_key INTEGER NOT NULL REFERENCES till,
  member_key INTEGER REFERENCES member,
  points INTEGER,
  state TEXT NOT NULL CHECK (state IN ('reserved', 'confirmed', 'voided', 'refused'))
) STRICT, WITHOUT ROWID;
CREATE INDEX reservation_held ON reservation (member_key, till_key) WHERE state = 'reserved';

CREATE TABLE adjustment (
  adjustment_key TEXT PRIMARY KEY,
  content_hash BLOB NOT NULL,
  member_key INTEGER NOT NULL REFERENCES member,
  at_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE product (
  sku TEXT PRIMARY KEY,
  barcode TEXT,
  name TEXT NOT NULL,
  product_type TEXT NOT NULL,
  unit_price_minor INTEGER NOT NULL,
  tax_rate_basis_points INTEGER NOT NULL,
  is_active INTEGER NOT NULL CHECK (is_active IN (0, 1)),
  change_number INTEGER NOT NULL UNIQUE
) STRICT, WITHOUT ROWID;

CREATE TABLE programme (
  change_number INTEGER PRIMARY KEY,
  programme_version TEXT NOT NULL UNIQUE,
  document TEXT NOT NULL
) STRICT;

-- What somebody should look at: forks, second contents under one id, balances below zero.
CREATE TABLE alarm (
  alarm_number INTEGER PRIMARY KEY,
  at_ms INTEGER NOT NULL,
  kind TEXT NOT NULL,
  till_key INTEGER NOT NULL REFERENCES till,
  epoch INTEGER NOT NULL,
  seq INTEGER NOT NULL,
  detail TEXT NOT NULL
) STRICT;

CREATE TABLE change_counter (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  number INTEGER NOT NULL
) STRICT;
INSERT INTO change_counter (id, number) VALUES (1, 0);

CREATE TRIGGER journal_no_update BEFORE UPDATE ON journal
  BEGIN SELECT RAISE(ABORT, 'journal is append-only'); END;
CREATE TRIGGER journal_no_delete BEFORE DELETE ON journal
  BEGIN SELECT RAISE(ABORT, 'journal is append-only'); END;
CREATE TRIGGER entry_no_update BEFORE UPDATE ON entry
  BEGIN SELECT RAISE(ABORT, 'entry is append-only'); END;
CREATE TRIGGER entry_no_delete BEFORE DELETE ON entry
  BEGIN SELECT RAISE(ABORT, 'entry is append-only'); END;
CREATE TRIGGER ledger_row_no_update BEFORE UPDATE ON ledger_row
  BEGIN SELECT RAISE(ABORT, 'ledger_row is append-only'); END;
CREATE TRIGGER ledger_row_no_delete BEFORE DELETE ON ledger_row
  BEGIN SELECT RAISE(ABORT, 'ledger_row is append-only'); END;
`,
  `
-- What rules moved besides ledger points, of all tills; shares of lines stay in the journal.
CREATE TABLE movement (
  movement_number INTEGER PRIMARY KEY,
  journal_number INTEGER NOT NULL REFERENCES journal,
  owner TEXT NOT NULL,
  account TEXT NOT NULL,
  lot_id TEXT NOT NULL,
  amount INTEGER NOT NULL,
  from_ms INTEGER NOT NULL,
  until_ms INTEGER,
  kind TEXT NOT NULL,
  rule TEXT NOT NULL,
  why_key TEXT NOT NULL,
  why_args TEXT NOT NULL,
  once_key TEXT,
  -- The movement that this one settles: what a till gave a second time, or gets back.
  settles INTEGER REFERENCES movement
) STRICT;
CREATE INDEX movement_settles ON movement (settles) WHERE settles IS NOT NULL;
CREATE INDEX movement_once ON movement (owner, once_key) WHERE once_key IS NOT NULL;
CREATE TRIGGER movement_no_update BEFORE UPDATE ON movement
  BEGIN SELECT RAISE(ABORT, 'movement is append-only'); END;
CREATE TRIGGER movement_no_delete BEFORE DELETE ON movement
  BEGIN SELECT RAISE(ABORT, 'movement is append-only'); END;

-- The fold of movement; checkBooks compares them.
CREATE TABLE holding (
  owner TEXT NOT NULL,
  account TEXT NOT NULL,
  lot_id TEXT NOT NULL,
  amount INTEGER NOT NULL,
  from_ms INTEGER NOT NULL,
  until_ms INTEGER,
  PRIMARY KEY (owner, account, lot_id)
) STRICT, WITHOUT ROWID;

-- What rules ask of a member besides figures, as JSON; the pool stands beside it for its index.
ALTER TABLE member ADD COLUMN profile TEXT;
ALTER TABLE member ADD COLUMN pool_id TEXT;
CREATE INDEX member_pool ON member (pool_id) WHERE pool_id IS NOT NULL;

-- Ids that tills made of a card which head office knew already: they mean its holder.
CREATE TABLE member_alias (
  alias_id TEXT PRIMARY KEY,
  member_key INTEGER NOT NULL REFERENCES member
) STRICT, WITHOUT ROWID;

ALTER TABLE product ADD COLUMN tags TEXT NOT NULL DEFAULT '[]';
ALTER TABLE product ADD COLUMN flags TEXT NOT NULL DEFAULT '[]';
ALTER TABLE product ADD COLUMN fixed_tax_minor INTEGER NOT NULL DEFAULT 0;
`,
];
