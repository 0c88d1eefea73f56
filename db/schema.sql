-- Generated from db/migrations, version 20: do not edit.

CREATE TABLE draft (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  transaction_id TEXT NOT NULL,
  body TEXT NOT NULL
) STRICT;

CREATE TABLE drawer_opening (
  opening_id INTEGER PRIMARY KEY,
  at_ms INTEGER NOT NULL,
  business_day TEXT NOT NULL,
  operator_id TEXT NOT NULL
) STRICT;

CREATE INDEX drawer_opening_day ON drawer_opening (business_day);

CREATE TRIGGER drawer_opening_no_delete BEFORE DELETE ON drawer_opening BEGIN
  SELECT RAISE(ABORT, 'drawer_opening is append-only');
END;

CREATE TRIGGER drawer_opening_no_update BEFORE UPDATE ON drawer_opening BEGIN
  SELECT RAISE(ABORT, 'drawer_opening is append-only');
END;

CREATE TABLE holder (
  holder_key INTEGER PRIMARY KEY,
  owner TEXT NOT NULL UNIQUE,
  -- Own journal entries up to this seq are inside what head office said of this holder.
  server_as_of_seq INTEGER NOT NULL CHECK (server_as_of_seq >= 0)
) STRICT;

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

CREATE TABLE ledger_entry (
  seq INTEGER NOT NULL,
  line INTEGER NOT NULL CHECK (line >= 1),
  account_debit TEXT NOT NULL CHECK (account_debit IN ('issued', 'avail', 'redeemed', 'adjusted')),
  account_credit TEXT NOT NULL
    CHECK (account_credit IN ('issued', 'avail', 'redeemed', 'adjusted')),
  member INTEGER NOT NULL REFERENCES member,
  points INTEGER NOT NULL CHECK (points BETWEEN 0 AND 1000000000),
  lot TEXT,
  kind TEXT NOT NULL CHECK (kind IN ('accrual', 'redemption', 'reversal', 'expiry', 'adjustment')),
  ref_seq INTEGER,
  rule TEXT NOT NULL,
  programme_version TEXT NOT NULL,
  why_key TEXT NOT NULL,
  why_args TEXT NOT NULL,
  PRIMARY KEY (seq, line),
  CHECK (account_debit <> account_credit)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER ledger_entry_no_delete BEFORE DELETE ON ledger_entry BEGIN
  SELECT RAISE(ABORT, 'ledger_entry is append-only');
END;

CREATE TRIGGER ledger_entry_no_update BEFORE UPDATE ON ledger_entry BEGIN
  SELECT RAISE(ABORT, 'ledger_entry is append-only');
END;

CREATE TABLE line (
  seq INTEGER NOT NULL REFERENCES retail_transaction,
  line INTEGER NOT NULL CHECK (line BETWEEN 1 AND 100000),
  kind TEXT NOT NULL CHECK (kind IN ('product', 'amount')),
  sku TEXT,
  name TEXT NOT NULL,
  product_type TEXT NOT NULL,
  quantity INTEGER NOT NULL CHECK (quantity BETWEEN 1 AND 999),
  unit_price_minor INTEGER NOT NULL CHECK (unit_price_minor BETWEEN 0 AND 9000000000000),
  discount_minor INTEGER NOT NULL CHECK (discount_minor >= 0),
  tax_rate_basis_points INTEGER NOT NULL CHECK (tax_rate_basis_points BETWEEN 0 AND 10000), tags TEXT NOT NULL DEFAULT '[]', flags TEXT NOT NULL DEFAULT '[]', quantity_milli INTEGER CHECK (quantity_milli >= 1), fixed_tax_minor INTEGER NOT NULL DEFAULT 0
  CHECK (fixed_tax_minor BETWEEN 0 AND 9000000000000), gross_minor INTEGER,
  PRIMARY KEY (seq, line)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER line_no_delete BEFORE DELETE ON line BEGIN
  SELECT RAISE(ABORT, 'line is append-only');
END;

CREATE TRIGGER line_no_update BEFORE UPDATE ON line BEGIN
  SELECT RAISE(ABORT, 'line is append-only');
END;

CREATE TABLE member (
  member_key INTEGER PRIMARY KEY,
  member_id TEXT NOT NULL UNIQUE,
  card_number TEXT NOT NULL UNIQUE,
  display_name TEXT NOT NULL,
  is_blocked INTEGER NOT NULL CHECK (is_blocked IN (0, 1))
) STRICT;

CREATE TABLE member_balance (
  member_key INTEGER PRIMARY KEY REFERENCES member,
  balance_points INTEGER NOT NULL,
  tier_points INTEGER NOT NULL,
  server_balance_points INTEGER NOT NULL,
  server_tier_points INTEGER NOT NULL,
  -- Own journal entries up to this seq are inside the server's figures.
  server_as_of_seq INTEGER NOT NULL CHECK (server_as_of_seq >= 0),
  server_as_of_ms INTEGER
) STRICT;

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

CREATE TRIGGER movement_no_delete BEFORE DELETE ON movement BEGIN
  SELECT RAISE(ABORT, 'movement is append-only');
END;

CREATE TRIGGER movement_no_update BEFORE UPDATE ON movement BEGIN
  SELECT RAISE(ABORT, 'movement is append-only');
END;

CREATE TABLE operator (
  operator_id TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  role TEXT NOT NULL CHECK (role IN ('cashier', 'manager')),
  pin_salt BLOB NOT NULL,
  pin_hash BLOB NOT NULL,
  is_active INTEGER NOT NULL CHECK (is_active IN (0, 1))
) STRICT, WITHOUT ROWID;

CREATE TABLE outbox (
  seq INTEGER PRIMARY KEY,
  epoch INTEGER NOT NULL CHECK (epoch >= 1),
  entry_id TEXT NOT NULL UNIQUE,
  body TEXT NOT NULL,
  hash BLOB NOT NULL CHECK (length(hash) = 32)
) STRICT;

CREATE TABLE outbox_parked (
  seq INTEGER PRIMARY KEY REFERENCES outbox,
  reason TEXT NOT NULL,
  at_ms INTEGER NOT NULL
) STRICT;

CREATE TABLE pin_lockout (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  failed_count INTEGER NOT NULL CHECK (failed_count >= 0),
  locked_until_ms INTEGER NOT NULL
) STRICT;

CREATE TABLE print_job (
  job_id INTEGER PRIMARY KEY,
  -- Null for a report.
  seq INTEGER REFERENCES retail_transaction,
  kind TEXT NOT NULL CHECK (kind IN ('receipt', 'void', 'report', 'drawer')),
  -- 0 is the unmarked receipt; n prints COPY n.
  copy_number INTEGER NOT NULL CHECK (copy_number >= 0),
  state TEXT NOT NULL
    CHECK (state IN
      ('queued', 'checking', 'blocked', 'sending', 'sent', 'confirmed', 'unknown', 'cancelled')),
  reason TEXT,
  ack_level TEXT,
  at_ms INTEGER NOT NULL,
  -- The receipt as a document; null for the drawer.
  document TEXT
) STRICT;

CREATE UNIQUE INDEX print_job_once ON print_job (seq, kind, copy_number)
  WHERE seq IS NOT NULL AND kind IN ('receipt', 'void');

CREATE INDEX print_job_open ON print_job (job_id)
  WHERE state IN ('queued', 'checking', 'blocked', 'sending', 'sent', 'unknown');

CREATE TABLE product (
  sku TEXT PRIMARY KEY,
  barcode TEXT,
  name TEXT NOT NULL,
  search_name TEXT NOT NULL,
  product_type TEXT NOT NULL,
  unit_price_minor INTEGER NOT NULL CHECK (unit_price_minor BETWEEN 0 AND 9000000000000),
  tax_rate_basis_points INTEGER NOT NULL CHECK (tax_rate_basis_points BETWEEN 0 AND 10000),
  is_active INTEGER NOT NULL CHECK (is_active IN (0, 1))
, tags TEXT NOT NULL DEFAULT '[]', flags TEXT NOT NULL DEFAULT '[]', fixed_tax_minor INTEGER NOT NULL DEFAULT 0
  CHECK (fixed_tax_minor BETWEEN 0 AND 9000000000000)) STRICT;

CREATE UNIQUE INDEX product_barcode ON product (barcode)
  WHERE barcode IS NOT NULL AND is_active = 1;

CREATE TABLE programme (
  programme_version TEXT PRIMARY KEY,
  programme_id TEXT NOT NULL,
  version INTEGER NOT NULL CHECK (version >= 1),
  effective_from_ms INTEGER NOT NULL,
  effective_to_ms INTEGER,
  document TEXT NOT NULL
) STRICT;

CREATE TABLE reservation (
  reservation_id TEXT PRIMARY KEY,
  transaction_id TEXT NOT NULL,
  member_key INTEGER NOT NULL REFERENCES member,
  points INTEGER NOT NULL CHECK (points > 0),
  state TEXT NOT NULL
    CHECK (state IN ('asking', 'reserved', 'offline-floor', 'confirmed', 'voided', 'refused')),
  -- Which outage a floor redemption belongs to; null when reserved online.
  outage INTEGER
) STRICT, WITHOUT ROWID;

CREATE INDEX reservation_floor ON reservation (member_key, outage) WHERE outage IS NOT NULL;

CREATE INDEX reservation_open ON reservation (transaction_id)
  WHERE state IN ('asking', 'reserved', 'offline-floor');

CREATE TABLE retail_transaction (
  seq INTEGER PRIMARY KEY,
  transaction_id TEXT NOT NULL UNIQUE,
  -- SHA-256 of the commit request: the same id with another body is a conflict.
  request_hash BLOB NOT NULL,
  at_ms INTEGER NOT NULL,
  business_day TEXT NOT NULL,
  operator_id TEXT NOT NULL,
  member_key INTEGER REFERENCES member,
  programme_version TEXT NOT NULL,
  receipt_number TEXT NOT NULL,
  receipt_token TEXT NOT NULL,
  subtotal_minor INTEGER NOT NULL CHECK (subtotal_minor >= 0),
  discount_minor INTEGER NOT NULL CHECK (discount_minor >= 0),
  total_minor INTEGER NOT NULL CHECK (total_minor = subtotal_minor - discount_minor),
  tendered_minor INTEGER NOT NULL CHECK (tendered_minor >= total_minor),
  change_minor INTEGER NOT NULL CHECK (change_minor = tendered_minor - total_minor),
  earned_points INTEGER NOT NULL CHECK (earned_points >= 0),
  redeemed_points INTEGER NOT NULL CHECK (redeemed_points >= 0),
  balance_after_points INTEGER,
  is_clock_suspect INTEGER NOT NULL CHECK (is_clock_suspect IN (0, 1))
) STRICT;

CREATE INDEX retail_transaction_day ON retail_transaction (business_day, seq);

CREATE INDEX retail_transaction_member ON retail_transaction (member_key, seq)
  WHERE member_key IS NOT NULL;

CREATE TRIGGER retail_transaction_no_delete BEFORE DELETE ON retail_transaction BEGIN
  SELECT RAISE(ABORT, 'retail_transaction is append-only');
END;

CREATE TRIGGER retail_transaction_no_update BEFORE UPDATE ON retail_transaction BEGIN
  SELECT RAISE(ABORT, 'retail_transaction is append-only');
END;

CREATE TABLE returned_line (
  seq INTEGER NOT NULL,
  ref_seq INTEGER NOT NULL REFERENCES retail_transaction,
  line INTEGER NOT NULL,
  units INTEGER NOT NULL CHECK (units >= 1),
  PRIMARY KEY (seq, line)
) STRICT, WITHOUT ROWID;

CREATE INDEX returned_line_sale ON returned_line (ref_seq);

CREATE TRIGGER returned_line_no_delete BEFORE DELETE ON returned_line BEGIN
  SELECT RAISE(ABORT, 'returned_line is append-only');
END;

CREATE TRIGGER returned_line_no_update BEFORE UPDATE ON returned_line BEGIN
  SELECT RAISE(ABORT, 'returned_line is append-only');
END;

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

CREATE TRIGGER sale_discount_no_delete BEFORE DELETE ON sale_discount BEGIN
  SELECT RAISE(ABORT, 'sale_discount is append-only');
END;

CREATE TRIGGER sale_discount_no_update BEFORE UPDATE ON sale_discount BEGIN
  SELECT RAISE(ABORT, 'sale_discount is append-only');
END;

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

CREATE TRIGGER sale_terms_no_delete BEFORE DELETE ON sale_terms BEGIN
  SELECT RAISE(ABORT, 'sale_terms is append-only');
END;

CREATE TRIGGER sale_terms_no_update BEFORE UPDATE ON sale_terms BEGIN
  SELECT RAISE(ABORT, 'sale_terms is append-only');
END;

CREATE TABLE setting (
  name TEXT PRIMARY KEY,
  value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE sync_state (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  epoch INTEGER NOT NULL CHECK (epoch >= 1),
  -- 0 until head office has given this till its epoch.
  is_registered INTEGER NOT NULL CHECK (is_registered IN (0, 1)),
  acknowledged_seq INTEGER NOT NULL CHECK (acknowledged_seq >= 0),
  acknowledged_hash BLOB NOT NULL CHECK (length(acknowledged_hash) = 32),
  members_cursor INTEGER NOT NULL,
  products_cursor INTEGER NOT NULL,
  programmes_cursor INTEGER NOT NULL,
  last_contact_ms INTEGER,
  -- Counts the outages: a floor redemption is allowed once per member and outage.
  outage INTEGER NOT NULL,
  problem TEXT
) STRICT;

CREATE TABLE tender (
  seq INTEGER NOT NULL REFERENCES retail_transaction,
  line INTEGER NOT NULL CHECK (line >= 1),
  tender_type TEXT NOT NULL CHECK (length(tender_type) BETWEEN 1 AND 40),
  amount_minor INTEGER NOT NULL CHECK (amount_minor > 0),
  PRIMARY KEY (seq, line)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER tender_no_delete BEFORE DELETE ON tender BEGIN
  SELECT RAISE(ABORT, 'tender is append-only');
END;

CREATE TRIGGER tender_no_update BEFORE UPDATE ON tender BEGIN
  SELECT RAISE(ABORT, 'tender is append-only');
END;

CREATE TABLE transaction_tax (
  seq INTEGER NOT NULL REFERENCES retail_transaction,
  tax_rate_basis_points INTEGER NOT NULL,
  gross_minor INTEGER NOT NULL,
  tax_minor INTEGER NOT NULL,
  PRIMARY KEY (seq, tax_rate_basis_points)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER transaction_tax_no_delete BEFORE DELETE ON transaction_tax BEGIN
  SELECT RAISE(ABORT, 'transaction_tax is append-only');
END;

CREATE TRIGGER transaction_tax_no_update BEFORE UPDATE ON transaction_tax BEGIN
  SELECT RAISE(ABORT, 'transaction_tax is append-only');
END;

CREATE TABLE voided_transaction (
  seq INTEGER PRIMARY KEY,
  ref_seq INTEGER NOT NULL UNIQUE REFERENCES retail_transaction,
  entry_id TEXT NOT NULL UNIQUE,
  at_ms INTEGER NOT NULL,
  business_day TEXT NOT NULL,
  operator_id TEXT NOT NULL,
  manager_id TEXT NOT NULL
) STRICT;

CREATE INDEX voided_transaction_day ON voided_transaction (business_day, seq);

CREATE TRIGGER voided_transaction_no_delete BEFORE DELETE ON voided_transaction BEGIN
  SELECT RAISE(ABORT, 'voided_transaction is append-only');
END;

CREATE TRIGGER voided_transaction_no_update BEFORE UPDATE ON voided_transaction BEGIN
  SELECT RAISE(ABORT, 'voided_transaction is append-only');
END;

CREATE TABLE workstation (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  store_number INTEGER NOT NULL CHECK (store_number BETWEEN 0 AND 999),
  till_number INTEGER NOT NULL CHECK (till_number BETWEEN 0 AND 999),
  till_id TEXT NOT NULL,
  is_demo INTEGER NOT NULL CHECK (is_demo IN (0, 1)),
  last_at_ms INTEGER NOT NULL,
  business_day TEXT NOT NULL
) STRICT;

CREATE TABLE z_report (
  z_number INTEGER PRIMARY KEY,
  business_day TEXT NOT NULL UNIQUE,
  at_ms INTEGER NOT NULL,
  operator_id TEXT NOT NULL,
  first_seq INTEGER,
  last_seq INTEGER,
  -- SHA-256 over the previous hash and the canonical body.
  hash BLOB NOT NULL,
  body TEXT NOT NULL
) STRICT;

CREATE TRIGGER z_report_no_delete BEFORE DELETE ON z_report BEGIN
  SELECT RAISE(ABORT, 'z_report is append-only');
END;

CREATE TRIGGER z_report_no_update BEFORE UPDATE ON z_report BEGIN
  SELECT RAISE(ABORT, 'z_report is append-only');
END;
