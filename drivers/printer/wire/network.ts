// Owns a printer session over raw TCP (port 9100).
import net from 'node:net';
import type { DeviceError } from '#drivers/device.ts';
import { SessionState } from '#drivers/printer/wire/connection.ts';
import type { Connection, Transport } from '#drivers/printer/wire/transport.ts';
import { failure, type Result, success } from '#drivers/result.ts';
import type { Timers } from '#drivers/timers.ts';

/** A dead printer or cable is noticed after a few probes instead of hours. */
const KEEPALIVE_MS = 5000;

/** Before a session stands, a wrong address, a cable and a printer that is off look alike. */
function unreachable(detail: string): DeviceError {
  return { code: 'unreachable', detail };
}

function broken({ code, message }: NodeJS.ErrnoException): DeviceError {
  return { code: code === 'ETIMEDOUT' ? 'timeout' : 'offline', detail: message };
}

/**
 * A session is opened for each job: printers close idle ones, and most serve one till at a time.
 */
export function networkTransport(host: string, port: number, timers: Timers): Transport {
  return {
    keepsSession: false,
    isOneWay: false,
    connect: (deadlineMs) => connect(host, port, timers, deadlineMs),
  };
}

function connect(
  host: string,
  port: number,
  timers: Timers,
  deadlineMs: number,
): Promise<Result<Connection, DeviceError>> {
  return new Promise((resolve) => {
    const socket = net.connect({ host, port, noDelay: true });
    socket.setKeepAlive(true, KEEPALIVE_MS);
    const cancel = timers.after(deadlineMs, () => {
      socket.destroy();
      resolve(failure(unreachable(`no answer from ${host}:${port}`)));
    });
    socket.once('error', (error) => {
      cancel();
      resolve(failure(unreachable(error.message)));
    });
    socket.once('connect', () => {
      cancel();
      resolve(success(createConnection(socket, timers)));
    });
  });
}

function createConnection(socket: net.Socket, timers: Timers): Connection {
  const state = new SessionState();
  const lose = (detail: string): void => state.lose({ code: 'offline', detail });
  socket.on('data', (chunk) => state.receive(chunk));
  socket.on('error', (error) => state.lose(broken(error)));
  socket.on('end', () => lose('the printer closed the connection'));
  socket.on('close', () => lose('the connection closed'));

  return {
    ...state.listeners,
    // Not in turn: the socket keeps the order itself.
    write: (bytes) =>
      new Promise((resolve) => {
        if (state.lost !== null) resolve(state.lost);
        else socket.write(bytes, (error) => resolve(error ? broken(error) : null));
      }),
    end: (deadlineMs) =>
      new Promise((resolve) => {
        state.isEnding = true;
        if (socket.closed) {
          resolve(state.lost);
          return;
        }
        let isCut = false;
        // Cut only a session that would not close: a reset makes a printer drop what it holds.
        const cancel = timers.after(deadlineMs, () => {
          isCut = true;
          socket.destroy();
        });
        socket.once('close', (hadError) => {
          cancel();
          const detail = 'the printer did not close the connection in order';
          resolve(hadError || isCut ? { code: 'offline', detail } : null);
        });
        socket.end();
      }),
  };
}
