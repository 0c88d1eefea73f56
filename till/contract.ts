// Owns THE surface between a page and the till: every method, every event, every schema.
import * as z from 'zod/mini';
import {
  amountMinor,
  basketLineView,
  basketView,
  count,
  epochMs,
  identifier,
  lineNumber,
  points,
  rateBasisPoints,
  shortText,
  signedMinor,
  words,
} from '#till/basketView.ts';
import {
  confirmedPage,
  deviceConfiguration,
  devicesView,
  printerErrorCause,
  testResult,
  wedgeSettings,
} from '#till/devicesView.ts';
import {
  logoFile,
  paperPreview,
  templateCheck,
  templateInput,
  templateText,
  templateView,
} from '#till/paperView.ts';
import { scanInput } from '#till/scanInput.ts';

export type { BasketView } from '#till/basketView.ts';
export { CONTRACT_VERSION } from '#till/contractVersion.ts';
export type { DevicesView } from '#till/devicesView.ts';

const pin = z.string().check(z.regex(/^[0-9]{4,8}$/));
/** Why a call was refused. Data for the screen, no prose: the page owns the wording. */
export const tillErrorCode = z.enum([
  'invalid-request',
  'unknown-method',
  'version-mismatch',
  'forbidden',
  'operator-required',
  'manager-required',
  'pin-wrong',
  'pin-locked',
  'member-unknown',
  'member-blocked',
  'card-unreadable',
  'product-unknown',
  'points-insufficient',
  'redemption-cap-offline',
  'redemption-refused',
  'reward-unavailable',
  'basket-empty',
  'basket-full',
  'basket-changed',
  'quantity-out-of-range',
  'line-is-piece',
  'amount-out-of-range',
  'line-unknown',
  'rewards-claimed',
  'line-gated',
  'staff-card',
  'gift-limit',
  'gift-refused',
  'claim-needs-member',
  'claim-too-late',
  'claim-done',
  'tender-insufficient',
  'tender-not-cash-over',
  'transaction-conflict',
  'sale-unknown',
  'void-not-allowed',
  'already-voided',
  'print-job-unknown',
  'drawer-unavailable',
  'day-already-closed',
  'store-unavailable',
  'devices-unavailable',
  'address-invalid',
  'adapter-not-named',
  'template-faulty',
  'logo-unreadable',
  'busy',
]);
export type TillErrorCode = z.infer<typeof tillErrorCode>;

export const tillError = z.strictObject({
  code: tillErrorCode,
  /** What the sentence on screen names: a masked card, a line, seconds left … */
  args: z.optional(z.record(z.string(), z.union([z.string(), z.int()]))),
  /** For the support desk; never shown alone. */
  detail: z.optional(z.string()),
});
export type TillError = z.infer<typeof tillError>;

export const tenderInput = z.strictObject({
  /** `cash`, `card`, `voucher`, or an account of the member in money. */
  tenderType: z.string().check(z.regex(/^[a-z0-9][a-z0-9-]{0,39}$/)),
  /** What the customer gave; only cash may exceed what is due. */
  amountMinor,
});

export const committedSale = z.strictObject({
  transactionId: identifier,
  /** Store 3, till 3, sequence 8: the number under the bar code. */
  receiptNumber: z.string().check(z.regex(/^[0-9]{14}$/)),
  committedAtMs: epochMs,
  totalMinor: amountMinor,
  tenderedMinor: amountMinor,
  changeMinor: amountMinor,
  earnedPoints: count,
  redeemedPoints: count,
  balanceAfterPoints: z.nullable(points),
  memberName: z.nullable(shortText),
  isVoided: z.boolean(),
});
export type CommittedSale = z.infer<typeof committedSale>;

/** A sentence for the cashier about what just happened, without a dialog. */
export const notice = z.strictObject({
  noticeId: count,
  tone: z.enum(['good', 'warn', 'bad']),
  words,
  /** Offer of the screen: sell the unknown barcode as an amount. */
  action: z.nullable(z.strictObject({ type: z.literal('sell-as-amount'), barcode: shortText })),
});

export const printerView = z.strictObject({
  state: z.enum(['none', 'ready', 'printing', 'paper-out', 'cover-open', 'offline', 'error']),
  waitingCount: count,
  /** A receipt that may have printed: only the cashier can say. */
  question: z.nullable(
    z.strictObject({
      jobId: count,
      receiptNumber: shortText,
      copyNumber: count,
      /** How far it got; null where nobody knows, as after a restart. */
      reach: z.nullable(z.enum(['part-sent', 'all-sent', 'text-printed'])),
    }),
  ),
  /** What the error is; null where there is none, or the printer does not tell. */
  errorCause: printerErrorCause,
});

export const sessionSnapshot = z.strictObject({
  revision: count,
  state: z.enum(['locked', 'selling', 'committed']),
  workstation: z.strictObject({
    storeName: shortText,
    storeId: shortText,
    tillId: shortText,
    currency: z.string().check(z.regex(/^[A-Z]{3}$/)),
    isDemo: z.boolean(),
  }),
  operator: z.nullable(
    z.strictObject({
      operatorId: identifier,
      name: shortText,
      role: z.enum(['cashier', 'manager']),
    }),
  ),
  basket: basketView,
  /** The sale just committed, while `state` is `committed`. */
  lastSale: z.nullable(committedSale),
  notice: z.nullable(notice),
  sync: z.strictObject({
    isOnline: z.boolean(),
    waitingCount: count,
    parkedCount: count,
    lastContactMs: z.nullable(epochMs),
    /** Null when no sync run is under way. */
    progress: z.nullable(z.strictObject({ doneCount: count, totalCount: count })),
    problem: z.nullable(words),
  }),
  printer: printerView,
  scanner: z.strictObject({
    state: z.enum(['none', 'ready', 'lost']),
    /** Reads that a scanner sent twice and that were left out, since the devices were opened. */
    suppressedCount: count,
    /** A live test is on: reads are shown on the device screen and sell nothing. */
    isTested: z.boolean(),
  }),
  /** How the keyboard scanner is set; null where nobody has taught the till: the defaults hold. */
  wedge: z.nullable(wedgeSettings),
  /** The clock stands before the last sale: selling is allowed and flagged. */
  isClockSuspect: z.boolean(),
  businessDay: z.string(),
});
export type SessionSnapshot = z.infer<typeof sessionSnapshot>;

export const catalogueItem = z.strictObject({
  sku: identifier,
  barcode: z.nullable(shortText),
  name: shortText,
  productType: identifier,
  unitPriceMinor: amountMinor,
});

export const dayReport = z.strictObject({
  businessDay: z.string(),
  /** Null for an X report; the Z number, without gaps, for a closed day. */
  zNumber: z.nullable(count),
  firstSeq: z.nullable(count),
  lastSeq: z.nullable(count),
  saleCount: count,
  voidCount: count,
  memberSaleCount: count,
  grossMinor: signedMinor,
  discountMinor: signedMinor,
  totalMinor: signedMinor,
  taxes: z.array(
    z.strictObject({
      taxRateBasisPoints: rateBasisPoints,
      grossMinor: signedMinor,
      netMinor: signedMinor,
      taxMinor: signedMinor,
    }),
  ),
  tenders: z.array(z.strictObject({ tenderType: z.string(), count, amountMinor: signedMinor })),
  pointsIssued: points,
  pointsRedeemed: points,
  pointsReversed: points,
  redeemedValueMinor: signedMinor,
  drawerOpenedCount: count,
  waitingToSyncCount: count,
  /** Never reset. */
  perpetualTotalMinor: signedMinor,
  isAlreadyClosed: z.boolean(),
});
export type DayReport = z.infer<typeof dayReport>;

const nothing = z.strictObject({});
const done = z.strictObject({});
const transactionId = z.uuid();

/** Who may call a method: nobody signed in, any operator, or a manager. */
export type Permission = 'anyone' | 'cashier' | 'manager';

function method<I extends z.ZodMiniType, O extends z.ZodMiniType>(
  permission: Permission,
  input: I,
  output: O,
) {
  return { permission, input, output };
}

/** Every method. A mutation carries an id or is safe to repeat. */
export const methods = {
  'session.get': method('anyone', nothing, sessionSnapshot),
  'session.signIn': method('anyone', z.strictObject({ pin }), done),
  'session.lock': method('anyone', nothing, done),
  'session.dismissNotice': method('cashier', z.strictObject({ noticeId: count }), done),
  'scan.submit': method('anyone', scanInput, done),
  'member.identify': method(
    'cashier',
    z.strictObject({ cardNumber: z.string().check(z.maxLength(64)) }),
    done,
  ),
  'member.remove': method('cashier', nothing, done),
  /** Beyond the limits of a rule with a manager's PIN, where the rule allows it. */
  'member.giveEvent': method(
    'cashier',
    z.strictObject({ eventId: identifier, managerPin: z.nullable(pin) }),
    done,
  ),
  'member.giveGoodwill': method(
    'cashier',
    z.strictObject({ points: z.int().check(z.gte(1), z.lte(1_000_000)), reasonId: identifier }),
    done,
  ),
  'catalogue.search': method(
    'cashier',
    z.strictObject({ query: shortText, limit: z.int().check(z.gte(1), z.lte(100)) }),
    z.strictObject({ items: z.array(catalogueItem) }),
  ),
  'basket.addProduct': method(
    'cashier',
    z.strictObject({ sku: identifier, quantity: z.int().check(z.gte(1), z.lte(999)) }),
    done,
  ),
  'basket.addAmount': method('cashier', z.strictObject({ amountMinor, name: shortText }), done),
  'basket.setQuantity': method(
    'cashier',
    z.strictObject({ line: lineNumber, quantity: z.int() }),
    done,
  ),
  'basket.removeLine': method('cashier', z.strictObject({ line: lineNumber }), done),
  'basket.cancel': method('cashier', nothing, done),
  'basket.lines': method(
    'cashier',
    z.strictObject({ from: count }),
    z.strictObject({ lines: z.array(basketLineView) }),
  ),
  'reward.claim': method(
    'cashier',
    z.strictObject({
      rewardId: identifier,
      times: z.exactOptional(z.int().check(z.gte(1), z.lte(999))),
    }),
    done,
  ),
  'reward.remove': method('cashier', z.strictObject({ rewardId: identifier }), done),
  'sale.commit': method(
    'cashier',
    z.strictObject({
      transactionId,
      tenders: z.array(tenderInput).check(z.minLength(0), z.maxLength(20)),
      expected: z.strictObject({
        totalMinor: amountMinor,
        earnedPoints: count,
        redeemedPoints: count,
      }),
    }),
    committedSale,
  ),
  /** Leaves the `committed` state; a scan or an amount does the same. */
  'sale.next': method('cashier', nothing, done),
  /** A cashier needs a manager's PIN; the last sale of this till and business day only. */
  'sale.voidLast': method(
    'cashier',
    z.strictObject({ transactionId, managerPin: z.nullable(pin) }),
    committedSale,
  ),
  'sale.recent': method(
    'cashier',
    z.strictObject({ limit: z.int().check(z.gte(1), z.lte(50)) }),
    z.strictObject({ sales: z.array(committedSale) }),
  ),
  'receipt.preview': method('cashier', z.strictObject({ transactionId }), paperPreview),
  'receipt.reprint': method(
    'cashier',
    z.strictObject({ transactionId }),
    z.strictObject({ copyNumber: count }),
  ),
  'receipt.getTemplate': method('manager', nothing, templateView),
  /** How the receipt of a sample sale would look, or what is wrong; keeps nothing. */
  'receipt.checkTemplate': method('manager', templateInput, templateCheck),
  /** From the next sale on; null is the template that the till came with. */
  'receipt.saveTemplate': method(
    'manager',
    z.strictObject({ text: z.nullable(templateText) }),
    done,
  ),
  'receipt.saveLogo': method('manager', z.strictObject({ logo: z.nullable(logoFile) }), done),
  /** Answers `printer.question`: yes ends the job, no prints COPY n. */
  'print.answer': method('cashier', z.strictObject({ jobId: count, cameOut: z.boolean() }), done),
  'drawer.open': method('cashier', nothing, done),
  'report.day': method('cashier', nothing, dayReport),
  'report.printX': method('cashier', nothing, dayReport),
  'report.closeDay': method('manager', z.strictObject({ businessDay: z.string() }), dayReport),
  /**
   * The device screen as it stands; changes follow as `devices.changed`. Ends 15 s after the last
   * call. With `takesScans` every read is shown there and sells nothing.
   */
  'devices.watch': method('cashier', z.strictObject({ takesScans: z.boolean() }), devicesView),
  'devices.endWatch': method('anyone', nothing, done),
  'devices.find': method('cashier', nothing, done),
  'devices.save': method('manager', z.strictObject({ configuration: deviceConfiguration }), done),
  /** Asks the printer what it can answer; prints nothing. */
  'devices.probe': method('manager', nothing, done),
  /** What a test scan taught; null goes back to the defaults. */
  'devices.saveWedge': method(
    'manager',
    z.strictObject({ wedge: z.nullable(wedgeSettings) }),
    done,
  ),
  'devices.test': method(
    'cashier',
    z.strictObject({ test: z.enum(['ruler', 'codePages', 'cut', 'drawer', 'display']) }),
    done,
  ),
  /** What a person saw: kept with its time. */
  'devices.confirm': method('cashier', z.omit(testResult, { atMs: true }), done),
  /** The row of the slip of letters that reads right; null where none does. Kept with its time. */
  'devices.confirmPage': method(
    'cashier',
    z.strictObject({ confirmedPage: z.nullable(confirmedPage) }),
    done,
  ),
  'sync.start': method('cashier', nothing, done),
  'sync.stop': method('cashier', nothing, done),
} as const;

export type Methods = typeof methods;
export type MethodName = keyof Methods;
export type MethodInput<M extends MethodName> = z.infer<Methods[M]['input']>;
export type MethodOutput<M extends MethodName> = z.infer<Methods[M]['output']>;

export const events = {
  'session.changed': sessionSnapshot,
  'devices.changed': devicesView,
} as const;
export type EventName = keyof typeof events;
export type EventPayload<E extends EventName> = z.infer<(typeof events)[E]>;
