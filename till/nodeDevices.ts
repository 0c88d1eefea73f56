// Owns the devices process under plain Node: the device host behind the channel to its parent.
import { startDeviceHost } from '#till/deviceHost.ts';
import { parentEnd } from '#till/messageEnds.ts';

startDeviceHost(parentEnd());
