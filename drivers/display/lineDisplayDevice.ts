// Owns a customer display on a wire: shows the newest rows, and never holds anybody up.
import { assert } from '#drivers/assert.ts';
import { lineDisplayBytes, lineDisplayStart } from '#drivers/display/lineDisplay.ts';
import type { Connection, Transport } from '#drivers/printer/wire/transport.ts';

const CONNECT_MS = 2000;
const END_MS = 500;

export interface LineDisplay {
  /** Newer rows replace those that have not left. A display that is gone is tried with the next. */
  show(rows: readonly [string, string]): void;
  close(): Promise<void>;
}

/** Opens nothing before the first rows. `columns` is 8 to 40. */
export function createLineDisplay(transport: Transport, columns: number): LineDisplay {
  assert(columns >= 8 && columns <= 40, `a display of ${columns} columns`);
  let wanted: readonly [string, string] | null = null;
  let connection: Connection | null = null;
  let isClosed = false;
  let running: Promise<void> | null = null;

  async function open(): Promise<Connection | null> {
    const connected = await transport.connect(CONNECT_MS);
    if (!connected.ok) return null;
    const opened = connected.value;
    opened.onData(() => undefined);
    opened.onLost(() => {
      if (connection === opened) connection = null;
    });
    if ((await opened.write(lineDisplayStart)) === null) return opened;
    await opened.end(END_MS);
    return null;
  }

  /** One writer at a time; a fault ends it, and the next rows begin again. */
  async function run(): Promise<void> {
    while (wanted !== null && !isClosed) {
      const rows = wanted;
      wanted = null;
      connection ??= await open();
      if (connection === null) return;
      const used = connection;
      if ((await used.write(lineDisplayBytes(rows, columns))) === null) continue;
      connection = null;
      // A port that nobody lets go of could not be opened again.
      await used.end(END_MS);
    }
  }

  return {
    show(rows) {
      wanted = rows;
      running ??= run().finally(() => {
        running = null;
      });
    },
    async close() {
      isClosed = true;
      await connection?.end(END_MS);
      await running;
      // It may have opened in between; to end it twice is to end it once.
      await connection?.end(END_MS);
    },
  };
}
