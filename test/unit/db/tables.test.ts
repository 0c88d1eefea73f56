// Goal: each small table gives back what was stored, and its one rule holds.
// Method: real files, the functions as the till calls them.
import { describe, expect, it } from 'vitest';
import { clearDraft, loadDraft, saveDraft } from '#db/drafts.ts';
import {
  activeOperators,
  getPinLockout,
  type OperatorRow,
  operatorById,
  setPinLockout,
  upsertOperator,
} from '#db/operators.ts';
import {
  countProducts,
  foldForSearch,
  type ProductRow,
  productByBarcode,
  productBySku,
  searchProducts,
  upsertProducts,
} from '#db/products.ts';
import {
  allProgrammes,
  insertProgramme,
  type ProgrammeRow,
  programmeAt,
  programmeByVersion,
} from '#db/programmes.ts';
import {
  floorPointsUsed,
  insertReservation,
  openReservations,
  openReservationsOf,
  type ReservationRow,
  reservationById,
  setReservationState,
} from '#db/reservations.ts';
import { allSettings, getSetting, setSetting } from '#db/settings.ts';
import { getWorkstation, readClock, setWorkstation, stampClock } from '#db/workstation.ts';
import {
  newDatabase,
  openIn,
  TEST_DAY,
  TEST_NOW_MS,
  temporaryFolder,
} from '#test/support/tillDatabase.ts';

describe('workstation', () => {
  it('is null before set-up; renaming keeps the stamped clock', () => {
    const db = openIn(temporaryFolder());
    expect(getWorkstation(db)).toBeNull();
    const first = {
      storeNumber: 7,
      tillNumber: 2,
      tillId: 'kadikoy-2',
      isDemo: true,
      lastAtMs: TEST_NOW_MS,
      businessDay: TEST_DAY,
    };
    setWorkstation(db, first);
    expect(getWorkstation(db)).toEqual(first);
    setWorkstation(db, { ...first, tillId: 'x', lastAtMs: 0, businessDay: '2020-01-01' });
    expect(getWorkstation(db)).toEqual({ ...first, tillId: 'x' });
  });

  it('flags a clock set back a day; neither moment nor business day goes back', () => {
    const db = newDatabase();
    const dayMs = 24 * 60 * 60 * 1000;
    expect(stampClock(db, TEST_NOW_MS, TEST_DAY)).toEqual({
      businessDay: TEST_DAY,
      isClockSuspect: false,
    });
    const suspect = { businessDay: TEST_DAY, isClockSuspect: true };
    expect(readClock(db, TEST_NOW_MS - dayMs, '2026-01-30')).toEqual(suspect);
    expect(stampClock(db, TEST_NOW_MS - dayMs, '2026-01-30')).toEqual(suspect);
    expect(getWorkstation(db)).toMatchObject({ lastAtMs: TEST_NOW_MS, businessDay: TEST_DAY });
    // The clock being set right by some minutes is no suspicion.
    expect(stampClock(db, TEST_NOW_MS - 5 * 60 * 1000, TEST_DAY).isClockSuspect).toBe(false);
    expect(stampClock(db, TEST_NOW_MS + dayMs, '2026-02-01')).toEqual({
      businessDay: '2026-02-01',
      isClockSuspect: false,
    });
  });
});

describe('settings and draft', () => {
  it('are replaced and cleared', () => {
    const db = newDatabase();
    expect(getSetting(db, 'storeName')).toBeNull();
    setSetting(db, 'storeName', 'Bakkal');
    setSetting(db, 'storeName', 'Çarşı');
    expect(allSettings(db)).toEqual(new Map([['storeName', 'Çarşı']]));
    expect(loadDraft(db)).toBeNull();
    saveDraft(db, { transactionId: 'a', body: '{}' });
    saveDraft(db, { transactionId: 'b', body: '{"lines":[]}' });
    expect(loadDraft(db)).toEqual({ transactionId: 'b', body: '{"lines":[]}' });
    clearDraft(db);
    expect(loadDraft(db)).toBeNull();
  });
});

describe('operators', () => {
  const operator: OperatorRow = {
    operatorId: 'op-1',
    name: 'Deniz',
    role: 'cashier',
    pinSalt: Buffer.from([1, 2]),
    pinHash: Buffer.from([3, 4]),
    isActive: true,
  };

  it('sign in while active and are known afterwards', () => {
    const db = newDatabase();
    upsertOperator(db, operator);
    upsertOperator(db, { ...operator, operatorId: 'op-2', role: 'manager' });
    expect(activeOperators(db).map((one) => one.operatorId)).toEqual(['op-1', 'op-2']);
    upsertOperator(db, { ...operator, isActive: false });
    expect(activeOperators(db).map((one) => one.operatorId)).toEqual(['op-2']);
    expect(operatorById(db, 'op-1')).toEqual({ ...operator, isActive: false });
    expect(operatorById(db, 'op-3')).toBeNull();
  });

  it('the lockout is one row', () => {
    const db = newDatabase();
    expect(getPinLockout(db)).toEqual({ failedCount: 0, lockedUntilMs: 0 });
    setPinLockout(db, { failedCount: 3, lockedUntilMs: 0 });
    setPinLockout(db, { failedCount: 5, lockedUntilMs: TEST_NOW_MS });
    expect(getPinLockout(db)).toEqual({ failedCount: 5, lockedUntilMs: TEST_NOW_MS });
  });
});

describe('programmes', () => {
  const first: ProgrammeRow = {
    programmeVersion: 'demo-1',
    programmeId: 'demo',
    version: 1,
    effectiveFromMs: 1000,
    effectiveToMs: null,
    document: '{"version":1}',
  };

  it('hold from their first moment to before their last, the highest version first', () => {
    const db = newDatabase();
    const second = { ...first, programmeVersion: 'demo-2', version: 2, effectiveFromMs: 2000 };
    insertProgramme(db, first);
    insertProgramme(db, { ...second, effectiveToMs: 3000 });
    const at = (ms: number): string | undefined => programmeAt(db, ms)?.programmeVersion;
    expect([999, 1000, 1999, 2000, 2999, 3000].map(at)).toEqual([
      undefined,
      'demo-1',
      'demo-1',
      'demo-2',
      'demo-2',
      'demo-1',
    ]);
    expect(allProgrammes(db).map((one) => one.version)).toEqual([2, 1]);
  });

  it('a version is never replaced by another text', () => {
    const db = newDatabase();
    expect(insertProgramme(db, first)).toBe('inserted');
    expect(insertProgramme(db, first)).toBe('same');
    expect(insertProgramme(db, { ...first, document: '{}' })).toBe('different');
    expect(programmeByVersion(db, 'demo-1')).toEqual(first);
    expect(programmeByVersion(db, 'demo-9')).toBeNull();
  });
});

describe('products', () => {
  const product = (sku: string, name: string, changes: Partial<ProductRow> = {}): ProductRow => ({
    sku,
    barcode: null,
    name,
    productType: 'food',
    unitPriceMinor: 1250,
    taxRateBasisPoints: 100,
    isActive: true,
    ...changes,
  });

  it('fold Turkish letters of either case to what any keyboard has', () => {
    expect(foldForSearch('  IĞDIR  Şeftali İÇECEĞİ ı ')).toBe('igdir seftali icecegi i');
    expect(foldForSearch('Käse süß Æble Ørsted Crème')).toBe('kase suss aeble orsted creme');
  });

  it('are found by words in any order, sku or barcode; names that begin so come first', () => {
    const db = newDatabase();
    upsertProducts(db, [
      product('1', 'Kırmızı Elma'),
      product('2', 'Elma Suyu 1 L', { barcode: '8690000000012' }),
      product('3', 'Çay %100'),
      product('4', 'Elma Çayı', { isActive: false }),
    ]);
    const find = (query: string): string[] => searchProducts(db, query, 10).map((one) => one.sku);
    expect(find('elma')).toEqual(['2', '1']);
    expect(find('ELMA KIRMIZI')).toEqual(['1']);
    expect(find('cay')).toEqual(['3']);
    expect(find('%')).toEqual(['3']);
    expect(find('_')).toEqual([]);
    expect(find('8690000000012')).toEqual(['2']);
    expect(find('3')).toEqual(['3']);
    expect(find('')).toEqual(['3', '2', '1']);
    expect(searchProducts(db, '', 1)).toHaveLength(1);
    expect(countProducts(db)).toBe(3);
  });

  it('a barcode that moves belongs to its new product alone', () => {
    const db = newDatabase();
    upsertProducts(db, [product('1', 'Old', { barcode: '86900001' })]);
    expect(productByBarcode(db, '86900001')).toEqual({
      sku: '1',
      barcode: '86900001',
      name: 'Old',
      productType: 'food',
      unitPriceMinor: 1250,
      taxRateBasisPoints: 100,
    });
    upsertProducts(db, [product('2', 'New', { barcode: '86900001', unitPriceMinor: 99 })]);
    expect(productByBarcode(db, '86900001')?.sku).toBe('2');
    expect(productBySku(db, '1')?.barcode).toBeNull();
    upsertProducts(db, [product('2', 'New', { barcode: '86900001', isActive: false })]);
    expect(productByBarcode(db, '86900001')).toBeNull();
    expect(productBySku(db, '2')).toBeNull();
  });
});

describe('reservations', () => {
  const reservation: ReservationRow = {
    reservationId: 'r-1',
    transactionId: 't-1',
    memberKey: 1,
    points: 60,
    state: 'asking',
    outage: null,
  };

  it('are open until used, let go or refused', () => {
    const db = newDatabase();
    insertReservation(db, reservation);
    insertReservation(db, { ...reservation, reservationId: 'r-2', transactionId: 't-2' });
    expect(openReservations(db)).toHaveLength(2);
    setReservationState(db, 'r-1', 'reserved');
    expect(openReservationsOf(db, 't-1')).toEqual([{ ...reservation, state: 'reserved' }]);
    setReservationState(db, 'r-1', 'confirmed');
    expect(openReservationsOf(db, 't-1')).toEqual([]);
    expect(reservationById(db, 'r-1')?.state).toBe('confirmed');
    expect(() => setReservationState(db, 'r-9', 'voided')).toThrow('known');
  });

  it('count against the floor of their outage unless let go', () => {
    const db = newDatabase();
    insertReservation(db, reservation);
    setReservationState(db, 'r-1', 'offline-floor', 4);
    expect(floorPointsUsed(db, 1, 4)).toBe(60);
    expect(floorPointsUsed(db, 1, 5)).toBe(0);
    setReservationState(db, 'r-1', 'confirmed');
    expect(floorPointsUsed(db, 1, 4)).toBe(60);
    insertReservation(db, { ...reservation, reservationId: 'r-2', state: 'voided', outage: 4 });
    insertReservation(db, { ...reservation, reservationId: 'r-3' });
    expect(floorPointsUsed(db, 1, 4)).toBe(60);
  });
});
