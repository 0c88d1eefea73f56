// Goal: every way to a printer keeps one contract: order, waiting, deadlines, loss and the goodbye.
// Method: the same tests over a socket, pseudo-terminals, FIFOs, a model of usblp and an adapter.
import { describeTransport } from '#test/conformance/transport.ts';
import {
  overBridge,
  overSerial,
  overTcp,
  overUsbFifo,
  overUsblpModel,
  overUsbPty,
} from '#test/support/transportPeers.ts';

describeTransport('TCP', () => overTcp());
describeTransport('serial line on a pseudo-terminal', overSerial);
describeTransport('usblp on two FIFOs', overUsbFifo);
describeTransport('usblp on a pseudo-terminal', overUsbPty);
describeTransport('usblp as its driver is written', () => overUsblpModel());
describeTransport('a shop’s escpos adapter', () => overBridge());
