// Owns a customer display on a wire: shows the newest rows, and never holds anybody up.
import { assert } from '#drivers/assert.ts';
import type { DeviceError } from '#drivers/device.ts';
import { lineDisplayBytes, lineDisplayStart } from '#drivers/display/lineDisplay.ts';
import type { Connection, Transport } from '#drivers/printer/wire/transport.ts';
import { failure, type Result, success } from '#drivers/result.ts';

const CONNECT_MS = 2000;
const END_MS = 500;

export interface LineDisplay {
  /** Newer rows replace those that have not left. A display that is gone is tried with the next. */
  show(rows: readonly [string, string]): void;
  close(): Promise<void>;
}

/**
 * Null: the rows have left this computer. Displays do not answer: whether anybody can read them is
 * for a person to see. Else why they could not leave.
 */
export type TellDisplay = (problem: DeviceError | null) => void;

/** Opens nothing before the first rows. `columns` is 8 to 40. `tell` hears of each attempt. */
export function createLineDisplay(
  transport: Transport,
  columns: number,
  tell: TellDisplay,
): LineDisplay {
  assert(columns >= 8 && columns <= 40, `a display of ${columns} columns`);
  let wanted: readonly [string, string] | null = null;
  let connection: Connection | null = null;
  let isClosed = false;
  let running: Promise<void> | null = null;

  /** A port that nobody lets go of could not be opened again. */
  async function letGo(held: Connection): Promise<void> {
    if (connection === held) connection = null;
    await held.end(END_MS);
  }

  /** From when it stands the connection is known to `close`: a display may take nothing at all. */
  async function open(): Promise<Result<Connection, DeviceError>> {
    const connected = await transport.connect(CONNECT_MS);
    if (!connected.ok || isClosed) return connected;
    const opened = connected.value;
    connection = opened;
    opened.onData(() => undefined);
    opened.onLost((error) => {
      if (connection !== opened) return;
      tell(error);
      void letGo(opened);
    });
    const problem = await opened.write(lineDisplayStart);
    return problem === null ? connected : failure(problem);
  }

  /** One writer at a time; a display that is gone is tried again with the next rows. */
  async function run(): Promise<void> {
    while (wanted !== null && !isClosed) {
      const rows = wanted;
      wanted = null;
      const wasOpen = connection !== null;
      const opened = connection === null ? await open() : success(connection);
      if (isClosed) {
        if (opened.ok) await letGo(opened.value);
        return;
      }
      const problem = opened.ok
        ? await opened.value.write(lineDisplayBytes(rows, columns))
        : opened.error;
      tell(problem);
      if (problem === null) continue;
      if (connection !== null) await letGo(connection);
      // It may have been plugged in again since the rows before.
      if (wasOpen) wanted ??= rows;
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
    },
  };
}
