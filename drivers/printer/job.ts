// Owns the life of one output on an open session: send, wait, confirm (printing.md §3.6).
import type { DeviceError } from '#drivers/device.ts';
import type { JobPart } from '#drivers/printer/parts.ts';
import type { AckLevel, PrintProgress, PrintReach } from '#drivers/printer/printer.ts';
import type { PrinterSession } from '#drivers/printer/session.ts';
import { isPaperPresent, type StopReason, stopReason } from '#drivers/printer/status.ts';
import { settlesWithin, type Timers } from '#drivers/timers.ts';

/** All in milliseconds. */
export interface PrintTiming {
  readonly connectMs: number;
  /** For each answer to a status question. */
  readonly answerMs: number;
  /** The till may take this long to write `sending` down. */
  readonly beforeSendingMs: number;
  /** A healthy printer takes bytes at least this often. */
  readonly stallMs: number;
  /** Silence of a printer that used to answer. */
  readonly silenceMs: number;
  /** A good printer must acknowledge within this time after the last byte, if only by a goodbye. */
  readonly ackMs: number;
  /** GS r was answered, the process id was not: the printer has none. */
  readonly processIdMs: number;
  /** Without any acknowledgement: this long without a fault. */
  readonly quietMs: number;
  readonly pollMs: number;
  /** Somebody must come and put paper in. */
  readonly waitMs: number;
  /** For the goodbye of a session that owes nothing any more. */
  readonly endMs: number;
  readonly heartbeatMs: number;
}

export const defaultTiming: PrintTiming = {
  connectMs: 3000,
  answerMs: 1000,
  beforeSendingMs: 10_000,
  stallMs: 5000,
  silenceMs: 15_000,
  ackMs: 30_000,
  processIdMs: 2000,
  quietMs: 3000,
  pollMs: 2000,
  waitMs: 30 * 60_000,
  endMs: 2000,
  heartbeatMs: 10_000,
};

export interface PrintJob {
  readonly parts: readonly JobPart[];
  /** Asked for behind everything else. */
  readonly processId: string;
  /** Asked for before the first symbol; null where the job has none. */
  readonly middleId: string | null;
  /** How often the job asks for the paper sensor (GS r). */
  readonly sensorQuestions: number;
  readonly ackLevel: AckLevel;
  /** The probe saw this printer answer a process id: one that stays away means trouble. */
  readonly answersProcessId: boolean;
  /** A drawer must not open minutes later: any doubt ends the job. */
  readonly mayWait: boolean;
}

type LastProgress = Extract<PrintProgress, { state: 'confirmed' | 'unknown' }>;
/** How a job ends, before it is known how far it got. */
type Ending =
  | Extract<PrintProgress, { state: 'confirmed' }>
  | { readonly state: 'unknown'; readonly error: DeviceError };

function unknown(code: DeviceError['code'], detail: string): Ending {
  return { state: 'unknown', error: { code, detail } };
}

function errorOfReason(reason: StopReason): DeviceError['code'] {
  return reason === 'error' ? 'failure' : reason;
}

/** Sends a job whose pre-flight was good. The first write may put ink on paper. */
export async function runPrintJob(
  session: PrinterSession,
  job: PrintJob,
  timing: PrintTiming,
  timers: Timers,
  onProgress: (progress: PrintProgress) => void,
): Promise<LastProgress> {
  const stop = createStopWatch(session, job, timing, timers, onProgress);
  session.forgetAnswers();
  onProgress({ state: 'sending' });
  const broken = await sendParts(session, job, stop, timing, timers);
  if (broken !== null) return withReach(broken, reachOf(session, job, false));
  stop.nowSent();
  onProgress({ state: 'sent' });
  const ended =
    job.ackLevel === 'none'
      ? await confirmByGoodbye(session, timing, timers)
      : await awaitAcknowledgement(session, job, stop, timing, timers);
  return withReach(ended, reachOf(session, job, true));
}

function withReach(ending: Ending, reach: PrintReach): LastProgress {
  return ending.state === 'unknown' ? { ...ending, reach } : ending;
}

function reachOf(session: PrinterSession, job: PrintJob, isSent: boolean): PrintReach {
  if (job.middleId !== null && session.hasPrinted(job.middleId)) return 'text-printed';
  return isSent ? 'all-sent' : 'part-sent';
}

async function sendParts(
  session: PrinterSession,
  job: PrintJob,
  stop: StopWatch,
  timing: PrintTiming,
  timers: Timers,
): Promise<Ending | null> {
  let before: JobPart | null = null;
  for (const part of job.parts) {
    const mayAsk: boolean = before?.isWhole ?? false;
    const held = before === null ? null : await waitUntilGood(session, stop, timing, mayAsk);
    if (held !== null) return held;
    const failed = await sendPart(session, part.bytes, stop, timing, timers);
    if (failed !== null) return failed;
    before = part;
  }
  return null;
}

interface StopWatch {
  /** Reports `waiting` and its end; the last progress when there is no more waiting. */
  check(isStalled: boolean): Ending | null;
  isWaiting(): boolean;
  /** True once the printer stood still during this job. */
  hasWaited(): boolean;
  /** Since when the printer has had nothing to complain of. */
  goodSinceMs(): number;
  nowSent(): void;
}

function createStopWatch(
  session: PrinterSession,
  job: PrintJob,
  timing: PrintTiming,
  timers: Timers,
  onProgress: (progress: PrintProgress) => void,
): StopWatch {
  let phase: 'sending' | 'sent' = 'sending';
  let reported: StopReason | null = null;
  let waitingSinceMs = 0;
  let hasWaited = false;
  let goodSinceMs = timers.nowMs();

  return {
    check(isStalled) {
      const lost = session.lost();
      if (lost !== null) return { state: 'unknown', error: lost };
      const condition = session.condition();
      const told = condition === null ? null : stopReason(condition);
      const reason = told ?? (isStalled ? 'offline' : null);
      if (reason !== null && !job.mayWait) {
        return unknown(errorOfReason(reason), 'the printer stopped after the drawer pulse left');
      }
      if (reason === reported) {
        const isTooLong = reason !== null && timers.nowMs() - waitingSinceMs > timing.waitMs;
        return isTooLong ? unknown(errorOfReason(reason), 'nobody helped the printer') : null;
      }
      if (reason === null && session.wasToldStopped()) return switchedOff();
      if (reported === null) waitingSinceMs = timers.nowMs();
      hasWaited = true;
      reported = reason;
      if (reason !== null) {
        onProgress({ state: 'waiting', reason });
      } else {
        goodSinceMs = timers.nowMs();
        onProgress({ state: phase });
      }
      return null;
    },
    isWaiting: () => reported !== null,
    hasWaited: () => hasWaited,
    goodSinceMs: () => goodSinceMs,
    nowSent() {
      phase = 'sent';
      goodSinceMs = timers.nowMs();
    },
  };
}

/**
 * Between two parts: paper out means wait; the printer keeps what it has and goes on. Inside a
 * command only automatic status tells: a question would become part of the command's data.
 */
async function waitUntilGood(
  session: PrinterSession,
  stop: StopWatch,
  timing: PrintTiming,
  mayAsk: boolean,
): Promise<Ending | null> {
  for (;;) {
    const ended = stop.check(false);
    if (ended !== null || !stop.isWaiting()) return ended;
    await session.changed(timing.pollMs);
    if (mayAsk && stop.isWaiting()) await session.ask(timing.answerMs);
  }
}

async function sendPart(
  session: PrinterSession,
  bytes: Uint8Array,
  stop: StopWatch,
  timing: PrintTiming,
  timers: Timers,
): Promise<Ending | null> {
  let outcome: { error: DeviceError | null } | null = null;
  const startedAtMs = timers.nowMs();
  const written = session.write(bytes).then((error) => {
    outcome = { error };
    return outcome;
  });
  for (;;) {
    const left = await Promise.race([written, session.changed(timing.pollMs).then(() => outcome)]);
    if (left !== null && left.error !== null) return { state: 'unknown', error: left.error };
    if (left !== null) return session.lost() === null ? null : stop.check(false);
    // A question would stand behind the held bytes: only automatic status can tell why.
    const heldMs = timers.nowMs() - startedAtMs;
    const ended = stop.check(heldMs > timing.stallMs);
    if (ended !== null) return ended;
  }
}

async function awaitAcknowledgement(
  session: PrinterSession,
  job: PrintJob,
  stop: StopWatch,
  timing: PrintTiming,
  timers: Timers,
): Promise<Ending> {
  for (;;) {
    if (session.hasPrinted(job.processId)) return confirmWhole(session, job, stop);
    const ended = stop.check(false);
    if (ended !== null) return ended;
    const nowMs = timers.nowMs();
    const confirmed = stop.isWaiting() ? null : weakerLevel(session, job, stop, timing, nowMs);
    if (confirmed !== null) return { state: 'confirmed', ackLevel: confirmed };
    // A buffer full of what waits for paper has no room for a question: nothing is heard then.
    const speaksSinceMs = Math.max(session.heardAtMs(), stop.goodSinceMs());
    if (!stop.isWaiting() && nowMs - speaksSinceMs > timing.silenceMs) {
      return unknown('timeout', 'the printer fell silent');
    }
    if (!stop.isWaiting() && nowMs - stop.goodSinceMs() > timing.ackMs) {
      return unknown('timeout', 'the printer is well but did not say that it printed');
    }
    const quietMs = nowMs - session.heardAtMs();
    await session.changed(quietMs < timing.pollMs ? timing.pollMs : timing.answerMs);
    if (timers.nowMs() - session.heardAtMs() >= timing.pollMs) await session.ask(timing.answerMs);
  }
}

function switchedOff(): Ending {
  return unknown('failure', 'the printer was switched off while it stood still');
}

/**
 * The end is on paper. A printer that was switched off while it stood still lost what it held, and
 * on a serial line nothing else says so: it never told that it goes on, or not the middle's id.
 */
function confirmWhole(session: PrinterSession, job: PrintJob, stop: StopWatch): Ending {
  const isMiddleMissing = job.middleId !== null && !session.hasPrinted(job.middleId);
  const isInDoubt = stop.hasWaited() && isMiddleMissing;
  if (isInDoubt || session.wasToldStopped()) return switchedOff();
  return { state: 'confirmed', ackLevel: 'processId' };
}

function weakerLevel(
  session: PrinterSession,
  job: PrintJob,
  stop: StopWatch,
  timing: PrintTiming,
  nowMs: number,
): AckLevel | null {
  const answer = session.transmitted();
  const isComplete = answer !== null && answer.count >= job.sensorQuestions;
  if (isComplete && isPaperPresent(answer.byte)) {
    if (job.ackLevel === 'gsR') return 'gsR';
    const isIdOverdue = nowMs - Math.max(answer.atMs, stop.goodSinceMs()) >= timing.processIdMs;
    // GS r is answered when it is read, a process id when the paper is out: a printer that has
    // ids and gives none may have lost its power in between.
    const hasIds =
      job.answersProcessId || (job.middleId !== null && session.hasPrinted(job.middleId));
    if (job.ackLevel === 'processId' && isIdOverdue && !hasIds) return 'gsR';
  }
  const isQuiet = nowMs - stop.goodSinceMs() >= timing.quietMs;
  const hasSpoken = session.heardAtMs() > stop.goodSinceMs();
  return job.ackLevel === 'asb' && isQuiet && hasSpoken ? 'asb' : null;
}

/**
 * A printer that never answers: an orderly goodbye is all that can be had. It comes when the
 * printer has read everything, so it may take as long as any other acknowledgement; only a till
 * that closes meanwhile does not wait so long.
 */
async function confirmByGoodbye(
  session: PrinterSession,
  timing: PrintTiming,
  timers: Timers,
): Promise<Ending> {
  const before = session.lost();
  if (before !== null) return { state: 'unknown', error: before };
  const goodbye = session.end(timing.ackMs);
  let isOver = false;
  void goodbye.then(() => {
    isOver = true;
  });
  while (!isOver && session.lost() === null) {
    await Promise.race([goodbye, session.changed(timing.pollMs)]);
  }
  const abandoned = session.lost();
  if (abandoned !== null && !(await settlesWithin(goodbye, timing.endMs, timers))) {
    return { state: 'unknown', error: abandoned };
  }
  const error = await goodbye;
  return error === null ? { state: 'confirmed', ackLevel: 'none' } : { state: 'unknown', error };
}
