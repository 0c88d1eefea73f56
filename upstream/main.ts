// Owns head office's command line: where the books are, the first tokens, the address.
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { startHeadOffice } from '#upstream/server.ts';

const USAGE = `npm run upstream -- [--data DIR] [--port N] [--host ADDRESS] [--till ID]...

  --data DIR      where the books are kept; made when there is none   (./head-office)
  --port N        0 takes a free one                                  (8470)
  --host ADDRESS  127.0.0.1 keeps it on this machine                  (127.0.0.1)
  --till ID       a till to add when it is not known yet              (001-001)
`;

function readArguments(args: string[]) {
  const { values } = parseArgs({
    args,
    options: {
      data: { type: 'string', default: 'head-office' },
      port: { type: 'string', default: '8470' },
      host: { type: 'string', default: '127.0.0.1' },
      till: { type: 'string', multiple: true, default: ['001-001'] },
      help: { type: 'boolean', default: false },
    },
  });
  if (!/^\d{1,5}$/.test(values.port) || Number(values.port) > 65_535) {
    throw new Error(`--port ${values.port} is not a port`);
  }
  const odd = values.till.find((id) => !/^[A-Za-z0-9._-]{1,64}$/.test(id));
  if (odd !== undefined) throw new Error(`--till ${odd}: letters, digits, dot, dash, underscore`);
  return { ...values, port: Number(values.port) };
}

const say = (line: string): void => {
  process.stdout.write(`${line}\n`);
};

const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : `${error}`);

/** Resolves when a signal has ended it: 0, or 1 with the reason on stderr. */
export async function main(args: string[]): Promise<number> {
  let options: ReturnType<typeof readArguments>;
  try {
    options = readArguments(args);
  } catch (error) {
    process.stderr.write(`${reasonOf(error)}\n\n${USAGE}`);
    return 1;
  }
  if (options.help) {
    say(USAGE);
    return 0;
  }
  try {
    mkdirSync(options.data, { recursive: true, mode: 0o700 });
    const office = await startHeadOffice({
      databasePath: path.join(options.data, 'head-office.sqlite'),
      port: options.port,
      host: options.host,
      nowMs: Date.now,
      log: (line) => {
        process.stderr.write(`${new Date().toISOString()} ${line}\n`);
      },
    });
    const adminToken = office.store.addAdmin();
    if (adminToken !== null) say(`admin token (shown once): ${adminToken}`);
    for (const tillId of options.till) {
      const token = office.store.addTill(tillId, Date.now());
      if (token !== null) say(`till ${tillId} token (shown once): ${token}`);
    }
    say(`head office listens at ${office.url}`);
    await new Promise<void>((resolve) => {
      process.once('SIGINT', resolve);
      process.once('SIGTERM', resolve);
    });
    await office.close();
    return 0;
  } catch (error) {
    process.stderr.write(`head office cannot start: ${reasonOf(error)}\n`);
    return 1;
  }
}
