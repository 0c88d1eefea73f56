// Owns how an Electron port becomes a message end that core and the devices understand.
import type { MessagePortMain } from 'electron';
import type { MessageEnd } from '#till/deviceContract.ts';

/** Starts the port: messages that arrived before are delivered to the first listener. */
export function portEnd<Out, In>(port: MessagePortMain): MessageEnd<Out, In> {
  return {
    post: (message) => port.postMessage(message),
    onMessage: (listener) => {
      port.on('message', (event) => listener(event.data as In));
      port.start();
    },
    onClose: (listener) => void port.on('close', listener),
    close: () => port.close(),
  };
}

/** What main hands to a child, each with one port. */
export type HandOver = 'page' | 'devices' | 'core';

/** Runs `receive` for each port that main hands to this child. */
export function onPort(receive: (kind: HandOver, port: MessagePortMain) => void): void {
  process.parentPort.on('message', (event) => {
    const [port] = event.ports;
    if (port !== undefined) receive(event.data as HandOver, port);
  });
}
