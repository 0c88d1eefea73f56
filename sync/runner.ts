// Owns when the till syncs: after each sale, when the line is back, and never two runs at once.
import { storeFault, type WritableDb } from '#db/handle.ts';
import { parkedCount, waitingCount } from '#db/outbox.ts';
import { endOutage, readSyncState, type SyncProblem, setProblem } from '#db/syncState.ts';
import type { Result } from '#loyalty/result.ts';
import type { HeadOfficeClient, SyncFailure } from '#sync/client.ts';
import { pull } from '#sync/puller.ts';
import { pushStep } from '#sync/pusher.ts';
import { outcomeOf, type ReservationOutcome } from '#sync/reservations.ts';

/** Between two looks when all is well: members change elsewhere too. */
export const POLL_MS = 15_000;
/** First wait after a failure; doubled each time, with jitter so that a chain does not march. */
export const RETRY_MS_MIN = 1_000;
export const RETRY_MS_MAX = 60_000;

export interface SyncParts {
  readonly db: WritableDb;
  /** Null for a shop without a head office: nothing is ever sent. */
  readonly client: HeadOfficeClient | null;
  readonly nowMs: () => number;
  /** In [0, 1). */
  readonly random: () => number;
  readonly newId: () => string;
  readonly storeProgramme: (document: string) => boolean;
  readonly setTimer: (task: () => void, delayMs: number) => { cancel(): void };
  readonly onChange: () => void;
}

export interface SyncView {
  readonly isOnline: boolean;
  readonly waitingCount: number;
  readonly parkedCount: number;
  readonly lastContactMs: number | null;
  readonly progress: { readonly doneCount: number; readonly totalCount: number } | null;
  readonly problem: SyncProblem | null;
}

export interface Sync {
  /** Something was journalled: send it now when the line is up, else at the next try. */
  nudge(): void;
  /** Runs now, whatever the wait. */
  start(): void;
  /** Ends the run under way; what was acknowledged stays so. */
  stop(): void;
  reserve(request: Parameters<HeadOfficeClient['reserve']>[0]): Promise<ReservationOutcome>;
  outage(): number;
  isOnline(): boolean;
  view(): SyncView;
  /** Ends for good; resolves when nothing runs any more. */
  close(): Promise<void>;
}

/** What the cashier is told of a failure that will not pass by itself. */
function problemOf(failure: SyncFailure): SyncProblem | null {
  if (failure.kind === 'network') return null;
  if (failure.kind === 'protocol') return { key: 'sync.problem.protocol', args: {} };
  if (failure.reply.code === 'unavailable') return null;
  if (failure.reply.code === 'unauthorised') return { key: 'sync.problem.unauthorised', args: {} };
  return { key: 'sync.problem.protocol', args: {} };
}

export function createSync(parts: SyncParts): Sync {
  return new SyncRunner(parts);
}

class SyncRunner implements Sync {
  readonly #parts: SyncParts;
  #isOnline: boolean = false;
  #failedCount = 0;
  #timer: { cancel(): void } | null = null;
  #running: Promise<void> | null = null;
  #abort = new AbortController();
  #isWanted: boolean = false;
  #isClosed: boolean = false;
  #progress: SyncView['progress'] = null;

  constructor(parts: SyncParts) {
    this.#parts = parts;
  }

  nudge(): void {
    // While the line is down the wait of the last failure goes on: a sale does not knock.
    if (this.#isOnline || this.#failedCount === 0) this.start();
  }

  start(): void {
    if (this.#isClosed || this.#parts.client === null) return;
    if (this.#running !== null) {
      this.#isWanted = true;
      return;
    }
    this.#timer?.cancel();
    this.#timer = null;
    this.#abort = new AbortController();
    this.#running = this.#run(this.#parts.client, this.#abort.signal).then((delayMs) => {
      this.#running = null;
      this.#progress = null;
      this.#parts.onChange();
      if (this.#isClosed) return;
      this.#timer = this.#parts.setTimer(() => this.start(), this.#isWanted ? 0 : delayMs);
      this.#isWanted = false;
    });
  }

  stop(): void {
    this.#isWanted = false;
    this.#abort.abort();
  }

  async reserve(request: Parameters<HeadOfficeClient['reserve']>[0]): Promise<ReservationOutcome> {
    const { client } = this.#parts;
    if (client === null) return 'offline';
    const outcome = outcomeOf(await client.reserve(request));
    if (outcome === 'offline' || outcome === 'outcome-unknown') this.#setOnline(false);
    return outcome;
  }

  outage(): number {
    return readSyncState(this.#parts.db).outage;
  }

  isOnline(): boolean {
    return this.#isOnline;
  }

  view(): SyncView {
    const { db } = this.#parts;
    const { lastContactMs, problem } = readSyncState(db);
    const parked = parkedCount(db);
    return {
      isOnline: this.#isOnline,
      waitingCount: waitingCount(db),
      parkedCount: parked,
      lastContactMs,
      progress: this.#progress,
      problem:
        problem ?? (parked > 0 ? { key: 'sync.problem.parked', args: { count: parked } } : null),
    };
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.#timer?.cancel();
    this.stop();
    await this.#running;
  }

  /** One run: everything out, then everything in. Gives the wait until the next. */
  async #run(client: HeadOfficeClient, signal: AbortSignal): Promise<number> {
    try {
      const failed = await this.#exchange(client, signal);
      if (signal.aborted) return POLL_MS;
      if (failed === null) {
        this.#failedCount = 0;
        this.#setOnline(true);
        return POLL_MS;
      }
      this.#setOnline(false);
      this.#setProblem(problemOf(failed));
    } catch (error) {
      // A full disk takes no cursor: the next run begins where this one did.
      if (storeFault(error) === null) throw error;
      this.#setOnline(false);
    }
    this.#failedCount += 1;
    const waitMs = Math.min(RETRY_MS_MIN * 2 ** (this.#failedCount - 1), RETRY_MS_MAX);
    return Math.round(waitMs * (0.5 + this.#parts.random() / 2));
  }

  async #exchange(client: HeadOfficeClient, signal: AbortSignal): Promise<SyncFailure | null> {
    const pushed = await this.#pushAll(client, signal);
    if (!pushed.ok) return pushed.error;
    const pulled = await pull(
      {
        ...this.#parts,
        client,
        breathe: () => new Promise((resolve) => setImmediate(resolve)),
      },
      signal,
    );
    if (!pulled.ok) return pulled.error;
    if (pulled.value.hasRefusedProgramme) {
      this.#setProblem({ key: 'sync.problem.programme', args: {} });
    } else if (!pushed.value && this.#problemKey() !== 'sync.problem.newEpoch') {
      this.#setProblem(null);
    }
    return null;
  }

  /** True when a new epoch had to be taken on the way. */
  async #pushAll(
    client: HeadOfficeClient,
    signal: AbortSignal,
  ): Promise<Result<boolean, SyncFailure>> {
    const { db, nowMs, newId } = this.#parts;
    const totalCount = waitingCount(db);
    let hasNewEpoch = false;
    for (;;) {
      this.#progress = { doneCount: Math.max(0, totalCount - waitingCount(db)), totalCount };
      this.#parts.onChange();
      const step = await pushStep({ db, client, nowMs, newId }, signal);
      if (!step.ok) return step;
      if (step.value === 'empty') return { ok: true, value: hasNewEpoch };
      if (step.value === 'new-epoch') {
        hasNewEpoch = true;
        this.#setProblem({ key: 'sync.problem.newEpoch', args: {} });
      }
    }
  }

  #problemKey(): string | null {
    return readSyncState(this.#parts.db).problem?.key ?? null;
  }

  #setProblem(problem: SyncProblem | null): void {
    const { db } = this.#parts;
    if (this.#problemKey() !== (problem?.key ?? null)) setProblem(db, problem);
  }

  /** The outage ends when contact is regained: the next one may spend below the floor again. */
  #setOnline(isOnline: boolean): void {
    if (isOnline && !this.#isOnline) endOutage(this.#parts.db);
    this.#isOnline = isOnline;
    this.#parts.onChange();
  }
}
