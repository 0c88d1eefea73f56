// Owns the second schema: what rules remember of members, lots and sales. Never edited later.

function appendOnly(table: string): string {
  return `
CREATE TRIGGER ${table}_no_update BEFORE UPDATE ON ${table} BEGIN
  SELECT RAISE(ABORT, '${table} is append-only');
END;
CREATE TRIGGER ${table}_no_delete BEFORE DELETE ON ${table} BEGIN
  SELECT RAISE(ABORT, '${table} is append-only');
END;`;
}

export const migration0020 = {
  version: 20,
  name: 'rules',
  sql: `
-- Who holds something: a member, its pool, the shop, an operator, a charity, a partner.
CREATE TABLE holder (
  holder_key INTEGER PRIMARY KEY,
  owner TEXT NOT NULL UNIQUE,
  -- Own journal entries up to this seq are inside what head office said of this holder.
  server_as_of_seq INTEGER NOT NULL CHECK (server_as_of_seq >= 0)
) STRICT;

-- Every change of the books, as rules made it. Undoing is new rows with the amounts negated.
CREATE TABLE movement (
  seq INTEGER NOT NULL,
  line INTEGER NOT NULL CHECK (line >= 1),
  holder_key INTEGER NOT NULL REFERENCES holder,
  account TEXT NOT NULL,
  lot_id TEXT NOT NULL,
  amount INTEGER NOT NULL CHECK (amount BETWEEN -9000000000000 AND 9000000000000),
  from_ms INTEGER NOT NULL,
  until_ms INTEGER,
  kind TEXT NOT NULL CHECK (kind IN
    ('accrual', 'redemption', 'reversal', 'expiry', 'adjustment', 'transfer', 'tally')),
  rule TEXT NOT NULL,
  why_key TEXT NOT NULL,
  why_args TEXT NOT NULL,
  -- Shares of the sale's lines as JSON; null where no single line made it.
  lines TEXT,
  -- What must still hold after a return, as JSON; null for nothing.
  condition TEXT,
  -- Names what may happen once in a period, over all tills.
  once_key TEXT,
  PRIMARY KEY (seq, line)
) STRICT, WITHOUT ROWID;
CREATE INDEX movement_holder ON movement (holder_key, seq);
${appendOnly('movement')}

-- The books as they stand: what head office last said, and the till's own movements since.
CREATE TABLE holding (
  holder_key INTEGER NOT NULL REFERENCES holder,
  account TEXT NOT NULL,
  lot_id TEXT NOT NULL,
  amount INTEGER NOT NULL,
  server_amount INTEGER NOT NULL,
  from_ms INTEGER NOT NULL,
  until_ms INTEGER,
  PRIMARY KEY (holder_key, account, lot_id)
) STRICT, WITHOUT ROWID;

-- What rules ask of a member besides figures. A member without a row has nothing to say.
CREATE TABLE member_profile (
  member_key INTEGER PRIMARY KEY REFERENCES member,
  language TEXT,
  enrolled_at_ms INTEGER,
  birthday_month INTEGER CHECK (birthday_month BETWEEN 1 AND 12),
  birthday_day INTEGER CHECK (birthday_day BETWEEN 1 AND 31),
  birthday_changed_at_ms INTEGER,
  -- JSON lists of names.
  segments TEXT NOT NULL,
  flags TEXT NOT NULL,
  staff_operator_id TEXT,
  referrer_id TEXT,
  pool_id TEXT,
  contract_id TEXT,
  CHECK ((birthday_month IS NULL) = (birthday_day IS NULL))
) STRICT;

ALTER TABLE product ADD COLUMN tags TEXT NOT NULL DEFAULT '[]';
ALTER TABLE product ADD COLUMN flags TEXT NOT NULL DEFAULT '[]';
ALTER TABLE product ADD COLUMN fixed_tax_minor INTEGER NOT NULL DEFAULT 0
  CHECK (fixed_tax_minor BETWEEN 0 AND 9000000000000);

ALTER TABLE line ADD COLUMN tags TEXT NOT NULL DEFAULT '[]';
ALTER TABLE line ADD COLUMN flags TEXT NOT NULL DEFAULT '[]';
-- Thousandths of the unit of measure; null on a line that is counted.
ALTER TABLE line ADD COLUMN quantity_milli INTEGER CHECK (quantity_milli >= 1);
ALTER TABLE line ADD COLUMN fixed_tax_minor INTEGER NOT NULL DEFAULT 0
  CHECK (fixed_tax_minor BETWEEN 0 AND 9000000000000);
-- Null on lines of the first schema, which cost quantity times unit price.
ALTER TABLE line ADD COLUMN gross_minor INTEGER;

-- Baskets of a member, newest first.
CREATE INDEX retail_transaction_member ON retail_transaction (member_key, seq)
  WHERE member_key IS NOT NULL;

-- Under which terms a sale can be returned, whatever its programme says by then.
CREATE TABLE sale_terms (
  seq INTEGER PRIMARY KEY REFERENCES retail_transaction,
  return_policy TEXT NOT NULL CHECK (return_policy IN ('exact-line', 'value-share')),
  return_window_days INTEGER NOT NULL CHECK (return_window_days >= 0),
  return_late TEXT NOT NULL CHECK (return_late IN ('refused', 'stored-value')),
  -- JSON list of the accounts in minor units: their sentences speak of money.
  money_accounts TEXT NOT NULL,
  -- What the rounding of the total added; it stands in the subtotal.
  rounding_minor INTEGER NOT NULL
) STRICT;
${appendOnly('sale_terms')}

-- Money off that one reward gave in one tax group.
CREATE TABLE sale_discount (
  seq INTEGER NOT NULL REFERENCES retail_transaction,
  number INTEGER NOT NULL CHECK (number >= 1),
  reward_id TEXT NOT NULL,
  times INTEGER NOT NULL CHECK (times >= 1),
  tax_rate_basis_points INTEGER NOT NULL,
  amount_minor INTEGER NOT NULL CHECK (amount_minor >= 0),
  lines TEXT NOT NULL,
  why_key TEXT NOT NULL,
  why_args TEXT NOT NULL,
  PRIMARY KEY (seq, number)
) STRICT, WITHOUT ROWID;
${appendOnly('sale_discount')}

-- Units of a sale's lines that came back; seq is the journal entry that brought them.
CREATE TABLE returned_line (
  seq INTEGER NOT NULL,
  ref_seq INTEGER NOT NULL REFERENCES retail_transaction,
  line INTEGER NOT NULL,
  units INTEGER NOT NULL CHECK (units >= 1),
  PRIMARY KEY (seq, line)
) STRICT, WITHOUT ROWID;
CREATE INDEX returned_line_sale ON returned_line (ref_seq);
${appendOnly('returned_line')}

-- Stored value pays too: a tender is cash, card, voucher or an account of the programme.
DROP TRIGGER tender_no_update;
DROP TRIGGER tender_no_delete;
ALTER TABLE tender RENAME TO tender_before;
CREATE TABLE tender (
  seq INTEGER NOT NULL REFERENCES retail_transaction,
  line INTEGER NOT NULL CHECK (line >= 1),
  tender_type TEXT NOT NULL CHECK (length(tender_type) BETWEEN 1 AND 40),
  amount_minor INTEGER NOT NULL CHECK (amount_minor > 0),
  PRIMARY KEY (seq, line)
) STRICT, WITHOUT ROWID;
INSERT INTO tender (seq, line, tender_type, amount_minor)
  SELECT seq, line, tender_type, amount_minor FROM tender_before;
DROP TABLE tender_before;
${appendOnly('tender')}
`,
};
