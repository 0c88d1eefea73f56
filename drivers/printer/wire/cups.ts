// Owns printing through CUPS, the spooler of macOS and of Linux: `lp -o raw`, a job a session.
import type { DeviceError } from '#drivers/device.ts';
import type { CommandOutcome, Commands, RunningCommand } from '#drivers/printer/wire/commands.ts';
import { SessionState } from '#drivers/printer/wire/connection.ts';
import type { Connection, Transport } from '#drivers/printer/wire/transport.ts';
import { failure, type Result, success } from '#drivers/result.ts';
import { settlesWithin, type Timers } from '#drivers/timers.ts';

function complaintOf(program: string, outcome: CommandOutcome): string {
  const said = (outcome.complaint.trim() || outcome.output.trim()).slice(0, 300);
  return `${program}: ${said || `ended with ${outcome.exitCode}`}`;
}

/** How a program ended, or null when it did not in time and was killed. */
export async function finishWithin(
  command: RunningCommand,
  timers: Timers,
  deadlineMs: number,
): Promise<CommandOutcome | null> {
  if (await settlesWithin(command.finished, deadlineMs, timers)) return command.finished;
  command.kill();
  return null;
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
  const state = new SessionState();
  /** Started with the first byte: a session without any leaves no job. */
  let job: RunningCommand | null = null;
  let ended: Promise<DeviceError | null> | null = null;
  let pendingWrites = 0;

  function startJob(): RunningCommand {
    const started = commands.start('lp', ['-d', queue, '-o', 'raw', '-t', 'Puan']);
    void started.finished.then((outcome) => {
      // The end of a session is the end of `lp` too: no loss.
      if (state.isEnding) return;
      state.lose({ code: 'offline', detail: complaintOf('lp', outcome) });
    });
    return started;
  }

  async function endWithin(deadlineMs: number): Promise<DeviceError | null> {
    state.isEnding = true;
    if (job === null) return state.lost;
    // A whole job is written before its session ends: this one was cut short.
    if (pendingWrites > 0) state.lose({ code: 'timeout', detail: 'lp held the last bytes' });
    if (state.lost !== null) {
      // The end of its input would hand what it has of the job to the printer.
      job.kill();
      return state.lost;
    }
    job.endInput();
    const outcome = await finishWithin(job, timers, deadlineMs);
    if (outcome === null) return { code: 'timeout', detail: 'lp did not end' };
    if (outcome.exitCode === 0) return null;
    return { code: 'offline', detail: complaintOf('lp', outcome) };
  }

  return {
    ...state.listeners,
    async write(bytes) {
      if (state.lost !== null) return state.lost;
      if (state.isEnding) return { code: 'closed', detail: `the job for ${queue} has ended` };
      job ??= startJob();
      pendingWrites += 1;
      const refused = await job.write(bytes);
      pendingWrites -= 1;
      if (refused === null) return state.lost;
      return state.lost ?? { code: 'offline', detail: `lp: ${refused}` };
    },
    abandon(error) {
      if (ended === null) state.lose(error);
    },
    end(deadlineMs) {
      ended ??= endWithin(deadlineMs);
      return ended;
    },
  };
}
