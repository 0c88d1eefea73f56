// Owns the page's line to the till: a port from Electron or a WebSocket, opened again by itself.
import { change, page, takeSnapshot } from '#renderer/state/store.ts';
import { type Channel, ChannelClosed, connect, type ToPage, type ToTill } from '#till/channel.ts';
import type { MethodInput, MethodName, MethodOutput, TillError } from '#till/contract.ts';
import { CONTRACT_VERSION } from '#till/contractVersion.ts';
import type { MessageEnd } from '#till/deviceContract.ts';

type PageEnd = MessageEnd<ToTill, ToPage>;

const RETRY_MS = 250;
const PROTOCOL = 'puan';

let channel: Channel | null = null;

/**
 * Calls the till. A refusal is shown in words and answered as null; so is a channel that died,
 * which the overlay says.
 */
export async function call<M extends MethodName>(
  method: M,
  input: MethodInput<M>,
): Promise<MethodOutput<M> | null> {
  const open = channel;
  if (open === null) return null;
  const noticeBefore = page().snapshot?.notice?.noticeId;
  try {
    const result = await open.call(method, input);
    if (result.ok) {
      if (page().refusal !== null) change({ refusal: null });
      return result.value;
    }
    // Where the till has put it into words with the number, those stand.
    const noticeNow = page().snapshot?.notice?.noticeId;
    const isSaid = noticeNow !== undefined && noticeNow !== noticeBefore;
    change({ refusal: isSaid ? null : result.error });
    return null;
  } catch (error) {
    if (!(error instanceof ChannelClosed)) throw error;
    return null;
  }
}

async function open(end: PageEnd, onDown: () => void): Promise<void> {
  let opened: Channel | null = null;
  let isDown = false;
  end.onClose(() => {
    if (isDown) return;
    isDown = true;
    // A port that another one replaced has nothing more to say.
    if (channel !== null && channel !== opened) return;
    channel = null;
    onDown();
  });
  try {
    const greeted = await connect(end, CONTRACT_VERSION);
    if (!greeted.ok) return refuse(greeted.error);
    opened = greeted.value;
    channel = opened;
    opened.on('session.changed', takeSnapshot);
    opened.on('devices.changed', (devices) => change({ devices }));
    const first = await opened.call('session.get', {});
    if (!first.ok) return refuse(first.error);
    takeSnapshot(first.value);
    change({ connection: 'open', isCommitting: false });
  } catch (error) {
    // The line went down meanwhile: onClose has said so.
    if (!(error instanceof ChannelClosed)) throw error;
  }
}

function refuse(refusal: TillError): void {
  change({ connection: 'refused', refusal });
}

function markDown(): void {
  // Before the first answer nothing was lost: the till is only starting.
  if (page().connection === 'open') change({ connection: 'down', refusal: null });
}

function portEnd(port: MessagePort): PageEnd {
  return {
    post: (message) => port.postMessage(message),
    onMessage: (listener) => {
      port.onmessage = (event) => listener(event.data as ToPage);
    },
    // Chromium tells the page when the other end is gone; the type library does not know it yet.
    onClose: (listener) => port.addEventListener('close', listener),
    close: () => port.close(),
  };
}

/** Electron's preload posts one port to this window for each core that starts. */
function listenForPorts(): void {
  window.addEventListener('message', (event) => {
    const [port] = event.ports;
    const isOurs = event.source === window && event.origin === location.origin;
    if (!isOurs || event.data !== 'port' || port === undefined) return;
    channel?.close();
    void open(portEnd(port), markDown);
  });
}

function socketEnd(socket: WebSocket): PageEnd {
  return {
    post: (message) => socket.send(JSON.stringify(message)),
    onMessage: (listener) => {
      socket.onmessage = (event) => listener(JSON.parse(String(event.data)) as ToPage);
    },
    onClose: (listener) => socket.addEventListener('close', listener),
    close: () => socket.close(),
  };
}

/** The key comes in the address once; it is taken out of sight and lasts as long as the tab. */
function takeToken(): string | null {
  const given = new URLSearchParams(location.hash.slice(1)).get('token');
  if (given !== null) {
    sessionStorage.setItem('puan.token', given);
    history.replaceState(null, '', location.pathname);
  }
  return given ?? sessionStorage.getItem('puan.token');
}

function openSocket(token: string): void {
  const socket = new WebSocket(`ws://${location.host}/`, [PROTOCOL, token]);
  const retry = () => {
    markDown();
    setTimeout(() => openSocket(token), RETRY_MS);
  };
  socket.onerror = () => {
    socket.onopen = null;
  };
  socket.onopen = () => {
    socket.onclose = null;
    void open(socketEnd(socket), retry);
  };
  socket.onclose = retry;
}

/** Opens the line and keeps it open for as long as the page lives. */
export function startConnection(): void {
  if (location.protocol !== 'http:') return listenForPorts();
  const token = takeToken();
  if (token === null) return change({ connection: 'keyless' });
  openSocket(token);
}

/** For a test page that brings its own till. */
export function openEnd(end: PageEnd): void {
  void open(end, markDown);
}
