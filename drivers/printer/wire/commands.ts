// Owns the edge to the system's own programs: how one is started, fed and listened to.
import { spawn } from 'node:child_process';

export interface CommandOutcome {
  /** Null when it never ran or was killed. */
  readonly exitCode: number | null;
  /** Standard output. */
  readonly output: string;
  /** Standard error, or why it could not be started. */
  readonly complaint: string;
}

export interface RunningCommand {
  /** Settles with null once the program has room for more, or with why it takes none. */
  write(bytes: Uint8Array): Promise<string | null>;
  /** No more input comes. */
  endInput(): void;
  kill(): void;
  /** Settles when it has ended; never rejects. */
  readonly finished: Promise<CommandOutcome>;
}

export interface Commands {
  /** Never throws: a program that is not there has finished at once, with a complaint. */
  start(program: string, args: readonly string[]): RunningCommand;
}

/** What a program may say before the rest is dropped: a list of printers is far shorter. */
const OUTPUT_LENGTH_MAX = 1_000_000;

export const systemCommands: Commands = {
  start(program, args) {
    // Plain English and UTF-8, so that answers can be read.
    const env = { ...process.env, LC_ALL: 'C.UTF-8' };
    const child = spawn(program, [...args], { env, windowsHide: true });
    let output = '';
    let complaint = '';
    child.stdout.on('data', (chunk: Buffer) => {
      if (output.length < OUTPUT_LENGTH_MAX) output += chunk.toString();
    });
    child.stderr.on('data', (chunk: Buffer) => {
      if (complaint.length < OUTPUT_LENGTH_MAX) complaint += chunk.toString();
    });
    // A program that ended early: what it says itself tells more.
    child.stdin.on('error', () => undefined);
    const finished = new Promise<CommandOutcome>((resolve) => {
      child.once('error', (error) => {
        resolve({ exitCode: null, output: '', complaint: error.message });
      });
      child.once('close', (exitCode) => resolve({ exitCode, output, complaint }));
    });
    return {
      write: (bytes) =>
        new Promise((resolve) => {
          child.stdin.write(bytes, (error) => resolve(error ? error.message : null));
        }),
      endInput: () => void child.stdin.end(),
      kill: () => void child.kill('SIGKILL'),
      finished,
    };
  },
};
