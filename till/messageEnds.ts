// Owns the message channels that need no Electron: in process, a Node child, and a worker's port.
import type { ChildProcess } from 'node:child_process';
import type { MessageEnd } from '#till/deviceContract.ts';

/** Two ends in one process, for tests and the demo; messages are copied and arrive later. */
export function inProcessPair<A, B>(): [MessageEnd<A, B>, MessageEnd<B, A>] {
  const listeners: [((message: never) => void)[], ((message: never) => void)[]] = [[], []];
  const closers: [(() => void)[], (() => void)[]] = [[], []];
  let isOpen = true;

  function end(own: 0 | 1): MessageEnd<never, never> {
    const other = own === 0 ? 1 : 0;
    return {
      post(message: never) {
        if (!isOpen) return;
        const copy = structuredClone(message);
        queueMicrotask(() => {
          if (isOpen) for (const listener of listeners[other]) listener(copy);
        });
      },
      onMessage: (listener) => void listeners[own].push(listener),
      onClose: (listener) => void closers[own].push(listener),
      close() {
        if (!isOpen) return;
        isOpen = false;
        for (const listener of [...closers[0], ...closers[1]]) listener();
      },
    };
  }
  return [end(0) as unknown as MessageEnd<A, B>, end(1) as unknown as MessageEnd<B, A>];
}

/** The parent's end of a child that was forked with an IPC channel. */
export function childEnd<Out, In>(child: ChildProcess): MessageEnd<Out, In> {
  return {
    // A child that is just going away refuses a message; its exit is reported by onClose.
    post: (message) => void (child.connected && child.send(message as object, () => {})),
    onMessage: (listener) => void child.on('message', (message) => listener(message as In)),
    onClose: (listener) => {
      child.once('exit', listener);
    },
    close: () => {
      if (child.connected) child.disconnect();
    },
  };
}

/** The child's end of the same channel. */
export function parentEnd<Out, In>(): MessageEnd<Out, In> {
  return {
    post: (message) => void (process.connected && process.send?.(message)),
    onMessage: (listener) => void process.on('message', (message) => listener(message as In)),
    onClose: (listener) => void process.on('disconnect', listener),
    close: () => process.disconnect(),
  };
}
