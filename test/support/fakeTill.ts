// Owns a till that lives in the page: enough of the contract to see every screen without core.
import { devices } from '#test/support/fakeDevices.ts';
import { ladder, member, memberCard, products, report, rows, tax } from '#test/support/fakeShop.ts';
import { checkedTemplate, firstTemplate } from '#test/support/fakeTemplate.ts';
import type { ToPage, ToTill } from '#till/channel.ts';
import type {
  BasketView,
  CommittedSale,
  DevicesView,
  MethodInput,
  MethodName,
  SessionSnapshot,
  TillErrorCode,
} from '#till/contract.ts';
import type { MessageEnd } from '#till/deviceContract.ts';

type Line = BasketView['lines'][number];
type Member = NonNullable<BasketView['member']>;
type Patch = Partial<SessionSnapshot>;

interface State {
  lines: Line[];
  member: Member | null;
  claimed: string | null;
  transaction: number;
  sale: CommittedSale | null;
  patch: Patch;
  noticeCount: number;
  operator: SessionSnapshot['operator'];
  calls: { method: string; input: unknown }[];
  devices: DevicesView;
  template: typeof firstTemplate;
}

function basketOf(state: State): BasketView {
  const subtotalMinor = state.lines.reduce((sum, line) => sum + line.grossMinor, 0);
  const reward = ladder.find((step) => step.rewardId === state.claimed);
  const discountMinor = reward?.amountOffMinor ?? 0;
  const totalMinor = subtotalMinor - discountMinor;
  const earned = state.member === null ? 0 : Math.floor((totalMinor * 3) / 200);
  const balance = state.member?.balancePoints ?? 0;
  const lines = state.member === null || earned === 0 ? [] : [earnWhy(totalMinor, earned)];
  return {
    transactionId: `018f0000-0000-7000-8000-${String(state.transaction).padStart(12, '0')}`,
    lineCount: state.lines.length,
    lines: state.lines,
    member: state.member,
    offers: state.member === null ? [] : ladder.map((step) => offer(step, state, subtotalMinor)),
    messages: messagesOf(state, totalMinor),
    subtotalMinor,
    discountMinor,
    totalMinor,
    taxes: totalMinor === 0 ? [] : [tax(totalMinor, 1000)],
    explanation: reward === undefined ? lines : [...lines, redeemWhy(reward)],
    earnedPoints: earned,
    redeemedPoints: reward?.points ?? 0,
    balanceAfterPoints: state.member === null ? null : balance + earned - (reward?.points ?? 0),
  };
}

/** The cashier hears it when little is missing to a bonus. */
function messagesOf(state: State, totalMinor: number): BasketView['messages'] {
  const missingMinor = 2500 - totalMinor;
  if (state.member === null || missingMinor <= 0 || missingMinor > 500) return [];
  const name = { name_en: 'Basket bonus', name_tr: 'Sepet bonusu' };
  const args = { missingMinor, currency: 'EUR', points: 50, ...name };
  return [{ kind: 'nudge', words: { key: 'nudge.threshold', args }, lines: [] }];
}

function earnWhy(amountMinor: number, points: number) {
  const tier = { multiplier: '1.5', tierName_en: 'Gold', tierName_tr: 'Altın' };
  const args = { amountMinor, currency: 'EUR', rate: '1', points, ...tier };
  return { why: { key: 'why.earn.base', args }, points };
}

function redeemWhy({ points, amountOffMinor }: { points: number; amountOffMinor: number }) {
  const args = { points, amountOffMinor, currency: 'EUR' };
  return { why: { key: 'why.redeem.ladder', args }, points: -points };
}

function offer(step: (typeof ladder)[number], state: State, subtotalMinor: number) {
  const shortBy = Math.max(0, step.points - (state.member?.balancePoints ?? 0));
  const isTooSmall = subtotalMinor < step.amountOffMinor;
  const open = isTooSmall ? 'basket-too-small' : 'available';
  const isClaimed = state.claimed === step.rewardId;
  const reach = shortBy > 0 ? 'points-short' : open;
  return {
    ...step,
    state: isClaimed ? ('claimed' as const) : (reach as 'available'),
    shortByPoints: shortBy,
    isAsking: false,
  };
}

function snapshotOf(state: State, revision: number): SessionSnapshot {
  const stage = state.sale === null ? 'selling' : 'committed';
  return {
    revision,
    state: state.operator === null ? 'locked' : stage,
    workstation: {
      storeName: 'Karaköy',
      storeId: '003',
      tillId: '002',
      currency: 'EUR',
      isDemo: true,
    },
    operator: state.operator,
    basket: basketOf(state),
    lastSale: state.sale,
    notice: null,
    sync: {
      isOnline: true,
      waitingCount: 0,
      parkedCount: 0,
      lastContactMs: 1_790_000_000_000,
      progress: null,
      problem: null,
    },
    printer: { state: 'ready', waitingCount: 0, question: null, errorCause: null },
    scanner: { state: 'ready', suppressedCount: 0, isTested: false },
    wedge: null,
    isClockSuspect: false,
    businessDay: '2026-11-27',
    ...state.patch,
  };
}

function lineOf(number: number, name: string, price: number, kind: Line['kind']): Line {
  return {
    line: number,
    kind,
    name,
    productType: 'standard',
    quantity: 1,
    unitPriceMinor: price,
    grossMinor: price,
    discountMinor: 0,
    taxRateBasisPoints: 1000,
  };
}

class Refusal {
  readonly code: TillErrorCode;
  readonly args: Record<string, number>;
  constructor(code: TillErrorCode, args: Record<string, number> = {}) {
    this.code = code;
    this.args = args;
  }
}

function scan(state: State, scanData: string): void {
  const product = products.find((one) => one.barcode === scanData);
  if (state.operator === null) return notify(state, 'bad', 'notice.scan-while-locked', {});
  if (scanData === memberCard) state.member = member;
  else if (product !== undefined) add(state, product.name, product.price, 'product');
  else if (scanData.startsWith('299')) {
    notify(state, 'bad', 'notice.card-unknown', { number: scanData });
  } else {
    notify(state, 'warn', 'notice.product-unknown', { barcode: scanData }, scanData);
  }
}

function notify(
  state: State,
  tone: 'good' | 'warn' | 'bad',
  key: string,
  args: Record<string, string>,
  barcode?: string,
): void {
  state.noticeCount += 1;
  const action = barcode === undefined ? null : { type: 'sell-as-amount' as const, barcode };
  state.patch = {
    ...state.patch,
    notice: { noticeId: state.noticeCount, tone, words: { key, args }, action },
  };
}

function add(state: State, name: string, price: number, kind: Line['kind']): void {
  const number = (state.lines.at(-1)?.line ?? 0) + 1;
  state.lines = [...state.lines, lineOf(number, name, price, kind)];
  state.sale = null;
  state.patch = { ...state.patch, notice: null };
}

function clear(state: State): void {
  Object.assign(state, { lines: [], member: null, claimed: null, sale: null });
  state.transaction += 1;
  state.patch = { ...state.patch, notice: null };
}

function commit(state: State, input: MethodInput<'sale.commit'>): CommittedSale {
  const basket = basketOf(state);
  const tenderedMinor = input.tenders.reduce((sum, tender) => sum + tender.amountMinor, 0);
  if (tenderedMinor < basket.totalMinor) throw new Refusal('tender-insufficient');
  const sale: CommittedSale = {
    transactionId: basket.transactionId,
    receiptNumber: '00300200000042',
    committedAtMs: 1_790_000_100_000,
    totalMinor: basket.totalMinor,
    tenderedMinor,
    changeMinor: tenderedMinor - basket.totalMinor,
    earnedPoints: basket.earnedPoints,
    redeemedPoints: basket.redeemedPoints,
    balanceAfterPoints: basket.balanceAfterPoints,
    memberName: basket.member?.displayName ?? null,
    isVoided: false,
  };
  clear(state);
  state.sale = sale;
  return sale;
}

type FakeHandlers = {
  readonly [M in MethodName]?: (state: State, input: MethodInput<M>) => unknown;
};

const handlers: FakeHandlers = {
  'session.signIn': (state, { pin }) => {
    if (pin === '0000') throw new Refusal('pin-locked', { seconds: 30 });
    if (pin !== '1234' && pin !== '9999') throw new Refusal('pin-wrong', { triesLeft: 4 });
    const isManager = pin === '9999';
    state.operator = {
      operatorId: pin,
      name: isManager ? 'Deniz' : 'Ayşe Yıldız',
      role: isManager ? 'manager' : 'cashier',
    };
    state.patch = { ...state.patch, notice: null };
  },
  'session.lock': (state) => {
    state.operator = null;
  },
  'session.dismissNotice': (state) => {
    state.patch = { ...state.patch, notice: null };
  },
  'scan.submit': (state, { scanData }) => scan(state, scanData),
  'member.identify': (state, { cardNumber }) => {
    if (cardNumber !== memberCard) throw new Refusal('member-unknown');
    state.member = member;
  },
  'member.remove': (state) => {
    state.member = null;
    state.claimed = null;
  },
  'catalogue.search': (_state, { query }) => ({
    items: products
      .filter((product) => product.name.toLowerCase().includes(query.toLowerCase()))
      .map((product) => ({ ...product, productType: 'standard', unitPriceMinor: product.price })),
  }),
  'basket.addProduct': (state, { sku }) => {
    const product = products.find((one) => one.sku === sku);
    if (product === undefined) throw new Refusal('product-unknown');
    add(state, product.name, product.price, 'product');
  },
  'basket.addAmount': (state, { amountMinor, name }) => add(state, name, amountMinor, 'amount'),
  'basket.setQuantity': (state, { line, quantity }) => {
    state.lines = state.lines.map((one) =>
      one.line === line ? { ...one, quantity, grossMinor: quantity * one.unitPriceMinor } : one,
    );
  },
  'basket.removeLine': (state, { line }) => {
    state.lines = state.lines.filter((one) => one.line !== line);
  },
  'basket.cancel': clear,
  'reward.claim': (state, { rewardId }) => {
    state.claimed = rewardId;
  },
  'reward.remove': (state) => {
    state.claimed = null;
  },
  'sale.commit': commit,
  'sale.next': (state) => {
    state.sale = null;
  },
  'sale.recent': (state) => ({ sales: state.sale === null ? [] : [state.sale] }),
  'sale.voidLast': (state, { managerPin }) => {
    if (state.operator?.role === 'cashier' && managerPin !== '9999')
      throw new Refusal('pin-wrong', { triesLeft: 4 });
    if (state.sale !== null) state.sale = { ...state.sale, isVoided: true };
    return state.sale;
  },
  'receipt.preview': () => ({
    columns: 42,
    rows: [
      ...rows,
      { type: 'qr', data: 'token' },
      { type: 'barcode', symbology: 'code128', data: '00300200000042' },
      { type: 'cut' },
    ],
  }),
  'receipt.getTemplate': (state) => state.template,
  'receipt.checkTemplate': (_state, { text }) => checkedTemplate(text),
  'receipt.saveTemplate': (state, { text }) => {
    const isDefault = text === null;
    state.template = { ...firstTemplate, isDefault, text: text ?? firstTemplate.text };
  },
  'receipt.reprint': () => ({ copyNumber: 1 }),
  'devices.watch': (state) => state.devices,
  'devices.saveWedge': (state, { wedge }) => void Object.assign(state.patch, { wedge }),
  'report.day': () => report,
  'report.printX': () => report,
  'report.closeDay': () => ({ ...report, zNumber: 7 }),
};

export interface FakeTill {
  readonly end: () => MessageEnd<ToTill, ToPage>;
  /** Lays fields over the snapshot: an offline line, a printer's question … */
  patch(patch: Patch): void;
  patchDevices(patch: Partial<DevicesView>): void;
  /** Ends the line as a core that crashes does. */
  drop(): void;
  calls(): readonly { method: string; input: unknown }[];
}

export function createFakeTill(): FakeTill {
  const state: State = {
    lines: [],
    member: null,
    claimed: null,
    transaction: 1,
    sale: null,
    patch: {},
    noticeCount: 0,
    operator: null,
    calls: [],
    devices,
    template: firstTemplate,
  };
  let revision = 0;
  let toPage: (message: ToPage) => void = () => {};
  let closePage: () => void = () => {};

  function answer(method: string, input: unknown): unknown {
    if (method === 'session.get') return snapshotOf(state, revision);
    const handler = handlers[method as MethodName] as
      | ((state: State, input: unknown) => unknown)
      | undefined;
    return handler?.(state, input) ?? {};
  }

  function publish(): void {
    revision += 1;
    toPage({ type: 'event', event: 'session.changed', payload: snapshotOf(state, revision) });
  }

  function take(message: ToTill): void {
    if (message.type === 'hello') return toPage({ type: 'welcome' });
    const { id, method, input } = message;
    state.calls.push({ method, input });
    try {
      const value = answer(method, input);
      publish();
      toPage({ type: 'answer', id, result: { ok: true, value } });
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      const { code, args } = error;
      toPage({ type: 'answer', id, result: { ok: false, error: { code, args } } });
    }
  }

  return {
    end: () => ({
      post: (message) => queueMicrotask(() => take(message)),
      onMessage: (listener) => {
        toPage = listener;
      },
      onClose: (listener) => {
        const before = closePage;
        closePage = () => {
          before();
          listener();
        };
      },
      close: () => {},
    }),
    patch(patch) {
      state.patch = { ...state.patch, ...patch };
      publish();
    },
    patchDevices(patch) {
      state.devices = { ...state.devices, ...patch };
      toPage({ type: 'event', event: 'devices.changed', payload: state.devices });
    },
    drop: () => {
      const close = closePage;
      closePage = () => {};
      close();
    },
    calls: () => state.calls,
  };
}
