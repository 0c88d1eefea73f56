// Owns printing through CUPS, the spooler of macOS and of Linux: `lp -o raw`, a job a session.
import type { DeviceError } from '#drivers/device.ts';
import type { CommandOutcome, Commands, RunningCommand } from '#drivers/printer/wire/commands.ts';
import type { Connection, Transport } from '#drivers/printer/wire/transport.ts';
import { failure, type Result, success } from '#drivers/result.ts';
import type { Timers } from '#drivers/timers.ts';

function complaintOf(program: string, outcome: CommandOutcome): string {
  const said = (outcome.complaint.trim() || outcome.output.trim()).slice(0, 300);
  return `${program}: ${said || `ended with ${outcome.exitCode}`}`;
}

/** How a program ended, or null when it did not in time and was killed. */
export function finishWithin(
  command: RunningCommand,
  timers: Timers,
  deadlineMs: number,
): Promise<CommandOutcome | null> {
  return new Promise((resolve) => {
    const cancel = timers.after(deadlineMs, () => {
      command.kill();
      resolve(null);
    });
    void command.finished.then((outcome) => {
      cancel();
      resolve(outcome);
    });
  });
}

/**
 * The bytes go through the queue as they are. CUPS keeps them until the session ends and then
 * prints them in its own time, again and again if the queue is set to: whatever `end` answers, the
 * paper is not seen, and a job may come out twice (at least once). See docs/printers.md.
 */
export function cupsTransport(queue: string, commands: Commands, timers: Timers): Transport {
  return {
    keepsSession: false,
    isOneWay: true,
    async connect(deadlineMs) {
      const asked = commands.start('lpstat', ['-p', queue]);
      asked.endInput();
      const outcome = await finishWithin(asked, timers, deadlineMs);
      const refused = refusalOf(queue, outcome);
      return refused === null ? success(createConnection(queue, commands, timers)) : refused;
    },
  };
}

function refusalOf(
  queue: string,
  outcome: CommandOutcome | null,
): Result<Connection, DeviceError> | null {
  if (outcome === null) return failure({ code: 'timeout', detail: 'lpstat did not answer' });
  if (outcome.exitCode !== 0) {
    return failure({ code: 'no-hardware', detail: complaintOf('lpstat', outcome) });
  }
  // "printer NAME disabled since …": a job would wait, and print when nobody expects it.
  if (outcome.output.includes(` ${queue} disabled `)) {
    return failure({ code: 'offline', detail: outcome.output.trim() });
  }
  return null;
}

function createConnection(queue: string, commands: Commands, timers: Timers): Connection {
  let onLost: (error: DeviceError) => void = () => undefined;
  let lost: DeviceError | null = null;
  let isEnding = false;
  /** Started with the first byte: a session without any leaves no job. */
  let job: RunningCommand | null = null;
  let ended: Promise<DeviceError | null> | null = null;

  function startJob(): RunningCommand {
    const started = commands.start('lp', ['-d', queue, '-o', 'raw', '-t', 'Puan']);
    void started.finished.then((outcome) => {
      if (isEnding) return;
      lost = { code: 'offline', detail: complaintOf('lp', outcome) };
      onLost(lost);
    });
    return started;
  }

  async function endWithin(deadlineMs: number): Promise<DeviceError | null> {
    isEnding = true;
    if (job === null || lost !== null) return lost;
    job.endInput();
    const outcome = await finishWithin(job, timers, deadlineMs);
    if (outcome === null) return { code: 'timeout', detail: 'lp did not end' };
    if (outcome.exitCode === 0) return null;
    return { code: 'offline', detail: complaintOf('lp', outcome) };
  }

  return {
    async write(bytes) {
      if (lost !== null) return lost;
      if (isEnding) return { code: 'closed', detail: `the job for ${queue} has ended` };
      job ??= startJob();
      const refused = await job.write(bytes);
      return refused === null ? lost : (lost ?? { code: 'offline', detail: `lp: ${refused}` });
    },
    onData: () => undefined,
    onLost(listener) {
      onLost = listener;
      if (lost !== null && !isEnding) listener(lost);
    },
    end(deadlineMs) {
      ended ??= endWithin(deadlineMs);
      return ended;
    },
  };
}
