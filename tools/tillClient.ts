// Owns talking to a running till as a browser's page does: over the loopback WebSocket.
import { once } from 'node:events';
import { WebSocket } from 'ws';
import { assert } from '#loyalty/assert.ts';
import { type Channel, connect, type ToPage } from '#till/channel.ts';
import { CONTRACT_VERSION, type SessionSnapshot } from '#till/contract.ts';

export interface TillClient {
  readonly channel: Channel;
  snapshot(): Promise<SessionSnapshot>;
  /** The first snapshot for which `isWanted` holds; rejects after `timeoutMs` with `what`. */
  until(
    what: string,
    isWanted: (snapshot: SessionSnapshot) => boolean,
    timeoutMs?: number,
  ): Promise<SessionSnapshot>;
}

const UNTIL_MS_MAX = 10_000;

/** `address` is what the till printed: the token stands in its fragment. */
export async function openTillClient(address: string): Promise<TillClient> {
  const { origin, host, hash } = new URL(address);
  const token = hash.replace('#token=', '');
  const socket = new WebSocket(`ws://${host}/`, ['puan', token], { origin });
  await once(socket, 'open');
  const connected = await connect(
    {
      post: (message) => socket.send(JSON.stringify(message)),
      onMessage: (listener) =>
        void socket.on('message', (data) => listener(JSON.parse(String(data)) as ToPage)),
      onClose: (listener) => void socket.on('close', listener),
      close: () => socket.close(),
    },
    CONTRACT_VERSION,
  );
  assert(connected.ok, connected.ok ? '' : JSON.stringify(connected.error));
  const channel = connected.value;

  async function snapshot(): Promise<SessionSnapshot> {
    const answer = await channel.call('session.get', {});
    assert(answer.ok, 'a session can always be read');
    return answer.value;
  }

  return {
    channel,
    snapshot,
    until: (what, isWanted, timeoutMs = UNTIL_MS_MAX) =>
      new Promise((resolve, reject) => {
        const timer = setTimeout(() => {
          end();
          reject(new Error(`waited ${timeoutMs} ms in vain: ${what}`));
        }, timeoutMs);
        function look(current: SessionSnapshot): void {
          if (!isWanted(current)) return;
          clearTimeout(timer);
          end();
          resolve(current);
        }
        const end = channel.on('session.changed', look);
        snapshot().then(look, reject);
      }),
  };
}
