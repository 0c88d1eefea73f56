// Owns a stand-in for the system's programs: each answers as it was written down, and what it was
// given is kept.
import type { CommandOutcome, Commands, RunningCommand } from '#drivers/printer/wire/commands.ts';

export interface RecordedCommand {
  readonly program: string;
  readonly args: readonly string[];
  /** How it ends once its input has ended; null for one that hangs until it is killed. */
  readonly outcome: CommandOutcome | null;
  /** Ends by itself at its first input, as a program that refuses its arguments. */
  readonly endsEarly?: boolean;
}

export interface RecordedCommands extends Commands {
  /** What each was given, in the order of their start. */
  readonly inputs: Uint8Array[];
  readonly killCount: () => number;
}

/** Fails the test (throws) at a program or arguments that nobody wrote down. */
export function recordedCommands(script: readonly RecordedCommand[]): RecordedCommands {
  const waiting = [...script];
  const inputs: Uint8Array[] = [];
  let killCount = 0;
  return {
    inputs,
    killCount: () => killCount,
    start(program, args): RunningCommand {
      const next = waiting.shift();
      const wanted = next === undefined ? 'nothing' : [next.program, ...next.args].join(' ');
      const asked = [program, ...args].join(' ');
      if (next === undefined || wanted !== asked) throw new Error(`${asked} instead of ${wanted}`);
      const index = inputs.push(new Uint8Array(0)) - 1;
      let settle: (outcome: CommandOutcome) => void = () => undefined;
      const finished = new Promise<CommandOutcome>((resolve) => {
        settle = resolve;
      });
      const end = (): void => {
        if (next.outcome !== null) settle(next.outcome);
      };
      return {
        async write(bytes) {
          inputs[index] = Buffer.concat([inputs[index] ?? new Uint8Array(0), bytes]);
          if (next.endsEarly !== true) return null;
          end();
          return 'write EPIPE';
        },
        endInput: end,
        kill() {
          killCount += 1;
          settle({ exitCode: null, output: '', complaint: '' });
        },
        finished,
      };
    },
  };
}
